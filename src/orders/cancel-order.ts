import { isCancellable } from '../domain/order-status.ts';
import type { Api } from '../http/api.ts';
import { commandOrder } from './command-order.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { claimCommandId } from './idempotency.ts';

/** Who cancels and why. */
export interface Cancellation {
  readonly caller: Caller;
  readonly reason: string;
  readonly idempotencyKey: string | undefined;
}

/**
 * Cancels an order, and returns it: CANCELLED now, or still being cancelled. Throws ORD006 when its goods have left, and
 * IDEMPOTENCY_KEY_REUSED.
 */
export async function cancelled(api: Api, order: OrderWithItems, by: Cancellation): Promise<OrderWithItems> {
  const { caller, reason, idempotencyKey: key } = by;
  const id = await claimCommandId(
    api.database.db,
    caller,
    { target: order.id, name: 'cancelOrder' },
    { key, asked: { reason } },
  );
  if (order.status === 'CANCELLED') return order;
  if (!isCancellable(order.status)) {
    throw new Refusal('ORD006', `The order is ${order.status}: its goods have left.`, {
      details: [{ status: order.status }],
      orderId: order.id,
    });
  }
  if (order.items.some(({ shippedQuantity }) => shippedQuantity > 0)) {
    throw new Refusal('ORD006', 'A part of the order has been shipped: its goods have left.', {
      details: [{ status: order.status }],
      orderId: order.id,
    });
  }
  const command = { actor: caller.actor, reason, command_id: id };
  return (await commandOrder(api, order, 'cancelOrder', command)).order;
}
