import type { OrderStatus } from '../domain/order-status.ts';
import type { OrderTransition } from '../domain/order-transition.ts';
import { settleSagaState } from '../repositories/saga-steps.ts';
import { transitionOrder } from '../repositories/transition-order.ts';
import type { OrderWriter } from './order-writer.ts';

/**
 * Writes a status, and returns the one that the order has afterwards. A repeat that finds the status written still writes where
 * the saga stands: the reply to the first write may have been lost for so long that its step was parked, and what the operator
 * decided about the step is known only to the repeat.
 */
export async function recordStatus({ db, announcer }: OrderWriter, transition: OrderTransition): Promise<OrderStatus> {
  const { orderId, to, sagaState } = transition;
  const { status, applied } = await transitionOrder(db, transition);
  if (!applied && status === to) await settleSagaState(db, { orderId, status, sagaState });
  announcer.announce(orderId);
  return status;
}
