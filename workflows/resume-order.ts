import type { ResumePoint } from '../src/domain/messages.ts';
import { settleOpenAmendment } from './amend-items.ts';
import { awaitOutsidePayment } from './await-outside-payment.ts';
import { cancelOrder } from './cancel-order.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { forbidCharge } from './forbid-charge.ts';
import type { OrderRun } from './order-run.ts';
import { placeOrder } from './place-order.ts';

/**
 * Resumes an order where an earlier run of its workflow left it: compensates everything when that run was ended by force, else
 * goes on. Nobody knows how far the earlier run came, and nobody needs to: steps and compensations are keyed on the order id.
 */
export async function resumeOrder(
  order: OrderRun,
  saga: CreateOrderSaga,
  { status, cancel, amendment, isTakenIn = false, chargedByHand = [] }: ResumePoint,
): Promise<void> {
  // The payment service never was asked for the money of an order that was taken in.
  if (!isTakenIn) for (const key of chargedByHand) forbidCharge(order, key);
  if (!cancel && (status === 'PENDING' || status === 'PAYMENT_FAILED')) {
    await (isTakenIn ? awaitOutsidePayment(order, saga) : placeOrder(order, saga));
    return;
  }
  if (amendment) await settleOpenAmendment(order, amendment, cancel !== undefined);
  if (cancel) await cancelOrder(order, saga, { ...cancel, isByMessage: false });
}
