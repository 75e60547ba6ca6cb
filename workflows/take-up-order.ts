import type { TakeUp } from '../src/domain/messages.ts';
import { settleOpenAmendment } from './amend-items.ts';
import { cancelOrder } from './cancel-order.ts';
import type { Order } from './order.ts';
import { placeOrder } from './place-order.ts';
import type { Saga } from './saga.ts';
import { refundPayment, releaseInventory } from './undos.ts';

/**
 * Takes an order up where an earlier run of its workflow left it: gives everything back when that run was ended by force,
 * else goes on. Nobody knows how far the earlier run came, and nobody needs to: steps and undos are keyed on the order id.
 */
export async function takeUpOrder(order: Order, saga: Saga, { status, cancel, amendment }: TakeUp): Promise<void> {
  order.showStatus();
  if (!cancel && (status === 'PENDING' || status === 'PAYMENT_FAILED')) {
    await placeOrder(order, saga);
    return;
  }
  if (amendment) await settleOpenAmendment(order, amendment, cancel !== undefined);
  saga.undoBy(releaseInventory(order));
  saga.undoBy(refundPayment(order));
  if (cancel) await cancelOrder(order, saga, cancel);
}
