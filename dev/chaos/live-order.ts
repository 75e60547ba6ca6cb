import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import { type Client, sendCommand, endWorkflow, placeOrder, readItems, waitFor } from './order-client.ts';
import { refundOutside } from './refund-outside.ts';
import type { PlannedOrder, Story } from './plan-orders.ts';

/** One planned order, as its client saw it. */
export interface Life {
  readonly planned: PlannedOrder;
  /** The order ids in the answers: one, unless something is wrong. */
  readonly orderIds: ReadonlySet<string>;
  /** Statuses in the answers. */
  readonly promised: ReadonlySet<OrderStatus>;
  /** Commands with their outcomes, such as `cancel 200`. */
  readonly commands: readonly string[];
  /** Unexpected answers. */
  readonly oddities: readonly string[];
}

/** Places one order and sends the commands of its story. Never rejects: failures are recorded as oddities. */
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
      return sendCancel(client, id);
    case 'fulfil':
      for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
        if (!(await changeStatus(client, id, status)) || status === story.upTo) return;
      }
      return;
    case 'amend':
      return amendOrder(client, id, story);
    case 'return':
      return returnGoods(client, id, story);
    case 'contradict':
      await Promise.all([sendCancel(client, id), changeStatus(client, id, 'PROCESSING')]);
      return;
    case 'pay again':
      return payAgain(client, id, story.paymentMethod);
    case 'refund outside':
      return refundOutside(client, id);
    case 'terminate workflow':
    case 'cancel workflow':
      return endWorkflow(client, id, story.kind);
    default:
      story satisfies never;
  }
}

function isDecided(status: string): boolean {
  return status !== 'PENDING' && status !== 'PAYMENT_FAILED';
}

async function sendCancel(client: Client, id: string): Promise<void> {
  await sendCommand(client, 'cancel', {
    method: 'POST',
    path: `/api/v1/orders/${id}/cancel`,
    body: { reason: 'chaos' },
  });
}

async function changeStatus(client: Client, id: string, status: OrderStatus): Promise<boolean> {
  const isOpen = await waitFor(client, id, isDecided);
  if (isOpen === undefined || isOpen === 'CANCELLED') return false;
  const body = { status, reason: 'chaos', ...(status === 'SHIPPED' && { tracking: { carrier: 'DHL', number: id } }) };
  return sendCommand(client, `set ${status}`, { method: 'PUT', path: `/api/v1/orders/${id}/status`, body });
}

async function amendOrder(client: Client, id: string, story: Extract<Story, { kind: 'amend' }>): Promise<void> {
  if ((await waitFor(client, id, isDecided)) !== 'CONFIRMED') return;
  const [item] = await readItems(client, id);
  const address = client.planned.body.shipping_address;
  for (const [index, change] of story.changes.entries()) {
    const ofOrder = 'country' in change;
    const path = `/api/v1/orders/${id}${ofOrder ? '' : `/items/${item?.id}`}`;
    const body = ofOrder ? { shipping_address: { ...address, country: change.country } } : change;
    await sendCommand(client, `amend ${index + 1}`, { method: 'PATCH', path, body });
  }
  if (story.thenCancel) await sendCancel(client, id);
}

async function returnGoods(client: Client, id: string, story: Extract<Story, { kind: 'return' }>): Promise<void> {
  if (!(await changeStatus(client, id, 'PROCESSING'))) return;
  const items = await readItems(client, id);
  const part = items.filter(({ quantity }) => quantity > 1).map((item) => ({ item_id: item.id, quantity: 1 }));
  const body = { status: 'SHIPPED', reason: 'chaos', items: part };
  const path = `/api/v1/orders/${id}/status`;
  if (part.length > 0) await sendCommand(client, 'ship a part', { method: 'PUT', path, body });
  if (!(await changeStatus(client, id, 'SHIPPED')) || !(await changeStatus(client, id, 'DELIVERED'))) return;
  const wanted = items.map(({ id: item, quantity }) => ({ item_id: item, quantity: story.everything ? quantity : 1 }));
  await Promise.all(
    Array.from({ length: story.requests }, (_, index) =>
      sendCommand(client, `return ${index + 1}`, {
        method: 'POST',
        path: `/api/v1/orders/${id}/returns`,
        body: { items: wanted, reason: 'chaos' },
      }),
    ),
  );
}

async function payAgain(client: Client, id: string, paymentMethod: string): Promise<void> {
  if ((await waitFor(client, id, (now) => now !== 'PENDING')) !== 'PAYMENT_FAILED') return;
  const body = { payment_method: paymentMethod };
  await sendCommand(client, 'pay again', { method: 'POST', path: `/api/v1/orders/${id}/payment`, body });
}
