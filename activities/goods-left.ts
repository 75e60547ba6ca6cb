import { failureTypes } from '../src/domain/failures.ts';
import { canBeTakenBack } from '../src/domain/order-status.ts';
import { findOrderStatus, hasLeftInPart } from '../src/repositories/order-repository.ts';
import type { Db } from '../src/repositories/schema.ts';
import { refusal } from './failures.ts';

/**
 * Throws GOODS_HAVE_LEFT for an order that has been shipped. A workflow that was reset to before that does not know it,
 * and must not give back what the customer has paid for and received.
 */
export async function refuseOnceGoodsLeft(db: Db, orderId: string): Promise<void> {
  const status = await findOrderStatus(db, orderId);
  if (status && !canBeTakenBack(status)) throw refusal(failureTypes.goodsLeft, `the order is ${status}`);
  if (status === 'PROCESSING' && (await hasLeftInPart(db, orderId))) {
    throw refusal(failureTypes.goodsLeft, 'a part of the order has been shipped');
  }
}
