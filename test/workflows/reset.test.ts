import { temporal } from '@temporalio/proto';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findItems } from '../../src/repositories/order-items.ts';
import { eventually } from '../setup/eventually.ts';
import { findTasks, resetOrder } from '../setup/reset-order.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { redirect } from './later-rig.ts';

const { ResetReapplyType } = temporal.api.enums.v1;

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ TAX_RATES: 'FR=20' });
});

afterAll(async () => {
  await rig.stop();
});

/** Brings an order to where it is reset from. */
const lives: Record<string, (id: string) => Promise<void>> = {
  confirmed: () => Promise.resolve(),
  cancelled: async (id) => {
    await rig.command(id, 'cancelOrder', {});
  },
  delivered: async (id) => {
    for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
      await rig.command(id, 'changeStatus', { status });
    }
  },
  amended: async (id) => {
    for (const quantity of [5, 1])
      await rig.command(id, 'amendItems', { change: 'set', item_id: await itemOf(id), quantity });
  },
  redirected: async (id) => {
    for (const country of ['FR', 'GB', 'FR']) await redirect(rig, id, country);
  },
  'partly shipped without picking': async (id) => {
    await rig.command(id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: await itemOf(id), quantity: 1 }] });
  },
  'partly shipped and then lowered to that': async (id) => {
    await lives['partly shipped without picking']!(id);
    await rig.command(id, 'amendItems', { change: 'set', item_id: await itemOf(id), quantity: 1 });
  },
  refused: async (id) => {
    await rig.command(id, 'changeStatus', { status: 'SHIPPED' });
    await rig.command(id, 'returnItems', {
      items: [{ item_id: await itemOf(id), quantity: 2 }],
      command_id: uuidv7(),
    } as never);
  },
  'partly shipped': async (id) => {
    await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
    await rig.command(id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: await itemOf(id), quantity: 1 }] });
  },
  'shipped in parts': async (id) => {
    await lives['partly shipped']!(id);
    await rig.command(id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: await itemOf(id), quantity: 1 }] });
  },
  returned: async (id) => {
    await lives['delivered']!(id);
    for (const command_id of [uuidv7(), uuidv7()]) {
      const items = [{ item_id: await itemOf(id), quantity: 1 }];
      await rig.command(id, 'returnItems', { items, command_id } as never);
    }
  },
};

test.concurrent.each(Object.keys(lives))(
  'resetting a %s order to each of its workflow tasks repeats no effect',
  async (life) => {
    const id = await confirmed();
    await lives[life]!(id);
    const before = await effectsOf(id);
    const { runId, tasks } = await findTasks(rig, id);
    expect(tasks.length).toBeGreaterThan(0);

    for (const eventId of tasks) {
      await resetOrder(rig, id, { runId, eventId });
      await comesToRest(id);
      expect((await rig.handle(id).describe()).searchAttributes['OrderStatus']).toEqual([before.order.status]);
      expect(await effectsOf(id)).toEqual(before);
    }
  },
);

test.each(['delivered', 'partly shipped', 'partly shipped without picking', 'partly shipped and then lowered to that'])(
  'a %s order that is reset to any of its tasks, forgetting what came after, can still not be cancelled',
  async (life) => {
    const id = await confirmed();
    await lives[life]!(id);
    const before = await effectsOf(id);
    const { runId, tasks } = await findTasks(rig, id);

    for (const eventId of tasks) {
      await rig.stopWorker();
      await resetOrder(rig, id, { runId, eventId, reapply: ResetReapplyType.RESET_REAPPLY_TYPE_NONE });
      // Waiting for the worker, the command meets the workflow at its earliest.
      const cancelled = rig.command(id, 'cancelOrder', {}).catch((error: unknown) => error);
      await eventually(async () => {
        const { raw } = await rig.handle(id).describe();
        return (
          raw.pendingWorkflowTask?.state ===
          temporal.api.enums.v1.PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
        );
      });
      await rig.startWorker();

      expect(await cancelled).toMatchObject({ type: 'TOO_LATE_TO_CANCEL' });
      await comesToRest(id);
      expect(await effectsOf(id)).toEqual(before);
    }
  },
);

/** A confirmed order over two units of a product that no other order is of. */
async function confirmed(): Promise<string> {
  const sku = `TEAPOT-${uuidv7()}`;
  await rig.product(sku, 100);
  const item = { id: uuidv7(), productId: sku, sku, name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 };
  const id = await rig.place({ items: [item] });
  await eventually(async () => expect(await rig.ledger(id)).toMatchObject({ notifyCustomer: 'DONE' }));
  return id;
}

/** Everything that anyone outside could see of the order. */
async function effectsOf(id: string) {
  const { body: payments } = await rig.sandbox.call('GET', `/payments/order/${id}`);
  const { body: reservation } = await rig.sandbox.call('GET', `/reservations/${id}`);
  const { body: notifications } = await rig.sandbox.call('GET', `/notifications?order_id=${id}`);
  const { status, paymentStatus, sagaState, refundedMinor, cancellationReason } = await rig.order(id);
  return {
    payments,
    reservation,
    notifications,
    stock: await rig.stock((await findItems(rig.db, id))[0]!.sku),
    order: { status, paymentStatus, sagaState, refundedMinor, cancellationReason },
    history: await rig.historyRows(id),
    transactions: await rig.transactions(id),
    ledger: await rig.ledger(id),
  };
}

async function itemOf(id: string): Promise<string> {
  const [item] = await findItems(rig.db, id);
  return item!.id;
}

/** Waits until the workflow of today has nothing left to do. */
async function comesToRest(id: string): Promise<void> {
  await eventually(async () => {
    const { raw, status: run } = await rig.handle(id).describe();
    expect(raw.pendingWorkflowTask ?? null).toBeNull();
    return run.name !== 'RUNNING' || (raw.pendingActivities ?? []).length === 0;
  });
}
