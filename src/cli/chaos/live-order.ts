import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderStatus } from '../../domain/order-status.ts';
import { type Client, command, endWorkflow, placeOrder, waitFor } from './order-client.ts';
import type { PlannedOrder } from './plan-orders.ts';

/** What became of one planned order as its client saw it. */
export interface Life {
  readonly planned: PlannedOrder;
  /** The orders that the answers named: one, unless something is wrong. */
  readonly orderIds: ReadonlySet<string>;
  /** Statuses that an answer said the order has. */
  readonly promised: ReadonlySet<OrderStatus>;
  /** Commands by what they came to, such as `cancel 200`. */
  readonly commands: readonly string[];
  /** Answers that nothing explains. */
  readonly oddities: readonly string[];
}

/** Places one order until it is answered and lives its story. Never rejects: what went wrong is among the oddities. */
export async function liveOrder(system: Client['system'], planned: PlannedOrder): Promise<Life> {
  const client: Client = { system, planned, orderIds: new Set(), promised: new Set(), commands: [], oddities: [] };
  try {
    await Promise.all(Array.from({ length: planned.copies }, () => placeOrder(client)));
    const [orderId] = client.orderIds;
    if (orderId !== undefined) await liveStory(client, orderId);
  } catch (error) {
    client.oddities.push(error instanceof Error ? error.message : String(error));
  }
  return client;
}

async function liveStory(client: Client, id: string): Promise<void> {
  const { story } = client.planned;
  if ('afterMs' in story) await sleep(story.afterMs);
  switch (story.kind) {
    case 'leave':
      return;
    case 'cancel':
      return cancel(client, id);
    case 'fulfil':
      for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
        if (!(await changeStatus(client, id, status)) || status === story.upTo) return;
      }
      return;
    case 'contradict':
      await Promise.all([cancel(client, id), changeStatus(client, id, 'PROCESSING')]);
      return;
    case 'pay again':
      return payAgain(client, id, story.paymentMethod);
    case 'terminate workflow':
    case 'cancel workflow':
      return endWorkflow(client, id, story.kind);
    default:
      story satisfies never;
  }
}

async function cancel(client: Client, id: string): Promise<void> {
  await command(client, 'cancel', { method: 'POST', path: `/api/v1/orders/${id}/cancel`, body: { reason: 'chaos' } });
}

async function changeStatus(client: Client, id: string, status: OrderStatus): Promise<boolean> {
  const isOpen = await waitFor(client, id, (now) => now !== 'PENDING' && now !== 'PAYMENT_FAILED');
  if (isOpen === undefined || isOpen === 'CANCELLED') return false;
  const body = { status, reason: 'chaos', ...(status === 'SHIPPED' && { tracking: { carrier: 'DHL', number: id } }) };
  return command(client, `set ${status}`, { method: 'PUT', path: `/api/v1/orders/${id}/status`, body });
}

async function payAgain(client: Client, id: string, paymentMethod: string): Promise<void> {
  if ((await waitFor(client, id, (now) => now !== 'PENDING')) !== 'PAYMENT_FAILED') return;
  const body = { payment_method: paymentMethod };
  await command(client, 'pay again', { method: 'POST', path: `/api/v1/orders/${id}/payment`, body });
}
