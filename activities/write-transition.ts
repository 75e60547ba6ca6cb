import type { OrderStatus } from '../src/domain/order-status.ts';
import type { OrderTransition } from '../src/domain/order-transition.ts';
import { settleSagaState } from '../src/repositories/saga-step-repository.ts';
import type { Db } from '../src/repositories/schema.ts';
import { transitionOrder } from '../src/repositories/transition-order.ts';

/**
 * Writes a status, and returns the one that the order has afterwards. A repeat that finds it written still says where the saga
 * stands: when the reply to the first was lost for so long that the step was parked, the operator's decision has been written since.
 */
export async function writeTransition(db: Db, transition: OrderTransition): Promise<OrderStatus> {
  const { orderId, to, sagaState } = transition;
  const { status, applied } = await transitionOrder(db, transition);
  if (!applied && status === to) await settleSagaState(db, { orderId, status, sagaState });
  return status;
}
