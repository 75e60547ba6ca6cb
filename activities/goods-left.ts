import { failureTypes } from '../src/domain/failures.ts';
import { canBeTakenBack, canTransition } from '../src/domain/order-status.ts';
import { findOrderStatus, hasLeftInPart } from '../src/repositories/order-repository.ts';
import type { Db } from '../src/repositories/schema.ts';
import { refusal } from './failures.ts';

/**
 * Makes a compensation of the whole order refuse, with GOODS_HAVE_LEFT, once goods have been shipped. A workflow that was reset to
 * before the shipment does not know of it, and must not give back what the customer has paid for and received.
 */
export function unlessGoodsLeft<Input extends { readonly orderId: string }, Output>(
  db: Db,
  run: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    await refuseOnceGoodsLeft(db, input.orderId);
    return run(input);
  };
}

async function refuseOnceGoodsLeft(db: Db, orderId: string): Promise<void> {
  const status = await findOrderStatus(db, orderId);
  if (status && !canBeTakenBack(status)) throw refusal(failureTypes.goodsLeft, `the order is ${status}`);
  if (status && canTransition(status, 'SHIPPED') && (await hasLeftInPart(db, orderId))) {
    throw refusal(failureTypes.goodsLeft, 'a part of the order has been shipped');
  }
}
