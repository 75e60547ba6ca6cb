import { orderWorkflowId } from '../../src/domain/order.ts';
import type { ChaosSystem } from './system.ts';
import type { Breach } from './evidence.ts';

/** The first orders are enough to find the cause. */
const MAX_ORDERS = 20;

/** Reads all about the orders with breaches: order, ledger, history, payments, reservation, workflow. */
export async function collectEvidence(system: ChaosSystem, breaches: readonly Breach[]): Promise<object[]> {
  const ids = [...new Set(breaches.flatMap(({ orderId }) => orderId ?? []))].slice(0, MAX_ORDERS);
  return Promise.all(
    ids.map(async (id) => ({
      order_id: id,
      breaches: breaches.filter(({ orderId }) => orderId === id).map(({ what }) => what),
      order: (await system.api({ path: `/api/v1/orders/${id}` })).body,
      history: (await system.api({ path: `/api/v1/orders/${id}/history` })).body,
      ledger: (await system.api({ path: `/api/v1/orders/${id}/saga` })).body,
      payments: (await system.sandbox({ path: `/payments/order/${id}` })).body,
      reservation: (await system.sandbox({ path: `/reservations/${id}` })).body,
      workflow: await workflowEvents(system, id),
    })),
  );
}

async function workflowEvents({ temporal }: ChaosSystem, id: string): Promise<unknown> {
  try {
    const { events } = await temporal.workflow.getHandle(orderWorkflowId(id)).fetchHistory();
    return events?.map((event) => Object.fromEntries(Object.entries(event).filter(([, value]) => value != null)));
  } catch (error) {
    return String(error);
  }
}
