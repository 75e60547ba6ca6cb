import type { Order, OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { isDatabaseUnavailable } from '../repositories/database.ts';
import { findOrderWithItemsInBatch } from '../repositories/order-repository.ts';
import type { OrderDependencies } from './dependencies.ts';
import type { PlacedOrder } from './place-order.ts';

/**
 * Starts the saga of an order that was placed just now, waits up to `waitMs` for its outcome, and returns the order: confirmed, or
 * still PENDING. Throws ORD002, ORD003 or ORD007 when it failed.
 */
export async function completePlacing(
  dependencies: Pick<OrderDependencies, 'db' | 'commands' | 'changes' | 'logger'>,
  { order: placed, repeated }: PlacedOrder,
  waitMs: number,
): Promise<OrderWithItems> {
  if (!repeated) startSaga(dependencies, placed, waitMs > 0);
  const order = await waitForOrder(dependencies, placed, waitMs, isDecided);
  refuseIfFailed(order);
  return order;
}

/** Whether there is something to tell: the order is not PENDING any more, or waits for its customer. */
function isDecided({ status, paymentStatus }: Order): boolean {
  return status !== 'PENDING' || paymentStatus === 'ACTION_REQUIRED';
}

/** Not awaited, and its failure does not matter: the relay starts what is not started here. */
function startSaga(
  { commands, logger }: Pick<OrderDependencies, 'commands' | 'logger'>,
  order: OrderWithItems,
  isAwaited: boolean,
): void {
  commands.start(order, { isAwaited }).catch((error: unknown) => {
    logger.info({ order_id: order.id, err: error }, 'saga not started, left to the relay');
  });
}

/** Waits up to `waitMs` until the order is `settled`, and returns it as it stands then; a database that goes away ends the wait. */
export async function waitForOrder(
  { changes, db, logger }: Pick<OrderDependencies, 'changes' | 'db' | 'logger'>,
  order: OrderWithItems,
  waitMs: number,
  settled: (order: OrderWithItems) => boolean,
): Promise<OrderWithItems> {
  if (waitMs <= 0 || settled(order)) return order;
  const read = async () => (await findOrderWithItemsInBatch(db, order.id)) ?? order;
  try {
    return await changes.waitFor(order.id, read, settled, waitMs);
  } catch (error) {
    // The order is accepted, even if it can't be read right now.
    if (!isDatabaseUnavailable(error)) throw error;
    logger.warn({ order_id: order.id }, 'order not readable while waiting for its outcome');
    return order;
  }
}

/** Throws ORD002, ORD003 or ORD007 when the order failed; returns when it is confirmed, or may still be. */
export function refuseIfFailed(order: Order): void {
  const { failure, id: orderId } = order;
  if (!failure || (order.status !== 'PAYMENT_FAILED' && order.status !== 'CANCELLED')) return;
  if (failure.code === 'ORD002') throw new Refusal('ORD002', failure.message, { details: failure.details, orderId });
  if (failure.code === 'ORD007') throw new Refusal('ORD007', endSentence(capitalise(failure.message)), { orderId });
  throw new Refusal('ORD003', `${endSentence(failure.message)} ${howToRetry(order)}`, {
    details: [...failure.details, { payment_retry_until: order.paymentRetryUntil?.toISOString() ?? null }],
    orderId,
  });
}

function howToRetry({ id, status, paymentRetryUntil }: Order): string {
  if (status === 'CANCELLED') return 'The time to offer another payment method is over and the order is cancelled.';
  const until = paymentRetryUntil ? ` until ${paymentRetryUntil.toISOString()}` : '';
  return `Offer another payment method with POST /api/v1/orders/${id}/payment${until}.`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
