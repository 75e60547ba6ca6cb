import { orderRefundKey } from '../src/domain/book-refund.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { OrderRun } from './order-run.ts';

/** What the payment service refunded of a whole order, in minor units, as it goes on record. */
export function orderRefund({ input }: OrderRun, amountMinor: number): PaymentTransactionRecord {
  const { orderId, currency, paymentMethod } = input;
  const idempotencyKey = orderRefundKey(orderId);
  return { idempotencyKey, kind: 'REFUND', status: 'REFUNDED', amountMinor, currency, paymentMethod };
}
