import type { ToldOrder } from '../domain/notify-of-order.ts';
import { canReach, type OrderStatus } from '../domain/order-status.ts';
import { Refusal } from '../domain/refusal.ts';
import type { OrderTransition } from '../domain/order-transition.ts';
import { settleSagaState } from '../repositories/saga-steps.ts';
import { transitionOrder } from '../repositories/transition-order.ts';
import type { OrderWriter } from './order-writer.ts';
import { reportTransition } from './report-writes.ts';

/**
 * Writes a status, and returns the one that the order has afterwards: another one when the write came too late. Refused `ORD005`
 * when the order is neither there nor further on. A repeat that finds the status written still writes where
 * the saga stands: the reply to the first write may have been lost for so long that its step was parked, and what the operator
 * decided about the step is known only to the repeat. `onConfirmed` gets the order that this write has confirmed.
 */
export async function recordStatus(
  writer: OrderWriter,
  transition: OrderTransition,
  onConfirmed: (order: ToldOrder) => void = () => {},
): Promise<OrderStatus> {
  const { db, announcer, logger } = writer;
  const { orderId, to, sagaState } = transition;
  const moved = await transitionOrder(db, transition);
  reportTransition(logger, transition, moved);
  const { status, applied, confirmed } = moved;
  if (confirmed) onConfirmed(confirmed);
  if (!applied && status === to) await settleSagaState(db, { orderId, status, sagaState });
  if (!applied && !isSettled(to, status)) throw notReached(to, status);
  announcer.announce(orderId);
  return status;
}

/** Whether a write that was not applied needs no more: it repeats an earlier one, or the order has gone on or been cancelled. */
function isSettled(to: OrderStatus, status: OrderStatus): boolean {
  // A cancellation that comes too late is for its sender to hear of, and no failure.
  return status === to || status === 'CANCELLED' || to === 'CANCELLED' || canReach(to, status);
}

function notReached(to: OrderStatus, status: OrderStatus): Refusal {
  return new Refusal('ORD005', `the order is ${status}, from where ${to} was not reached`);
}
