import type { Order, OrderWithItems } from '../domain/order.ts';
import { isDatabaseUnavailable } from '../repositories/database.ts';
import { findOrderWithItemsInGroup } from '../repositories/order-repository.ts';
import type { Api } from '../http/api.ts';
import { Refusal } from '../domain/refusal.ts';

/** Waits up to `waitMs` until the order is `settled` and returns it as it stands then; a database that goes away meanwhile ends the wait. */
export async function settledOrder(
  { changes, database, logger }: Pick<Api, 'changes' | 'database' | 'logger'>,
  order: OrderWithItems,
  waitMs: number,
  settled: (order: OrderWithItems) => boolean,
): Promise<OrderWithItems> {
  if (waitMs <= 0 || settled(order)) return order;
  const read = async () => (await findOrderWithItemsInGroup(database.db, order.id)) ?? order;
  try {
    return await changes.waitFor(order.id, read, settled, waitMs);
  } catch (error) {
    // The order is on record: not being able to look at it is no reason to deny that.
    if (!isDatabaseUnavailable(error)) throw error;
    logger.warn({ order_id: order.id }, 'order not readable while waiting for its outcome');
    return order;
  }
}

/** Why the order did not go through, as a problem; `undefined` when it did or may still. */
export function refusalOf(order: Order): Refusal | undefined {
  const { failure, id: orderId } = order;
  if (!failure || (order.status !== 'PAYMENT_FAILED' && order.status !== 'CANCELLED')) return undefined;
  if (failure.code === 'ORD002') {
    return new Refusal('ORD002', failure.message, { details: failure.details, orderId });
  }
  return new Refusal('ORD003', `${sentence(failure.message)} ${howToRetry(order)}`, {
    details: [...failure.details, { payment_retry_until: order.paymentRetryUntil?.toISOString() ?? null }],
    orderId,
  });
}

function howToRetry({ id, status, paymentRetryUntil }: Order): string {
  if (status === 'CANCELLED') return 'The time to offer another payment method is over and the order is cancelled.';
  const until = paymentRetryUntil ? ` until ${paymentRetryUntil.toISOString()}` : '';
  return `Offer another payment method with POST /api/v1/orders/${id}/payment${until}.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
