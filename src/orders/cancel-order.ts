import type { Caller } from '../domain/caller.ts';
import { isCancellable } from '../domain/order-status.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { commandOrder, type CommandDependencies, type CommandOutcome } from './command-order.ts';
import { claimCommandId } from './idempotency.ts';

/** Why an order is cancelled, and the key under which the request may be sent again. */
export interface Cancellation {
  readonly reason: string;
  readonly key: string | undefined;
}

/**
 * Cancels an order: it is CANCELLED now, or still being cancelled. One that is cancelled already stays so.
 * Throws ORD006 when its goods have left, and IDEMPOTENCY_KEY_REUSED.
 */
export async function cancelOrder(
  dependencies: CommandDependencies,
  caller: Caller,
  order: OrderWithItems,
  { reason, key }: Cancellation,
): Promise<CommandOutcome> {
  const target = { target: order.id, name: 'cancelOrder' } as const;
  const id = await claimCommandId(dependencies.db, caller, target, { key, asked: { reason } });
  if (order.status === 'CANCELLED') return { order, isDone: true };
  requireCancellable(order);
  const command = { actor: caller.actor, reason, command_id: id };
  const { order: after } = await commandOrder(dependencies, order, 'cancelOrder', command);
  return { order: after, isDone: after.status === 'CANCELLED' };
}

function requireCancellable({ id: orderId, status, items }: OrderWithItems): void {
  const hasShipped = items.some(({ shippedQuantity }) => shippedQuantity > 0);
  if (isCancellable(status) && !hasShipped) return;
  const message = isCancellable(status)
    ? 'A part of the order has been shipped; what has not been can be taken out of it by lowering or removing items.'
    : `The order is ${status}: its goods have left.`;
  throw new Refusal('ORD006', message, { details: [{ status }], orderId });
}
