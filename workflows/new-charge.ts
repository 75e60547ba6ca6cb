import type { PaymentRequest } from '../src/domain/payment-part.ts';
import type { OrderRun } from './order-run.ts';

/** The order's payment, `attempt` counting those that were tried. */
export function newCharge(order: OrderRun, attempt: number): PaymentRequest {
  const { orderId, totalMinor, currency } = order.input;
  const { paymentMethod, paymentParts: parts } = order.state;
  const idempotencyKey = `${orderId}:charge:${attempt}`;
  return { orderId, idempotencyKey, amountMinor: totalMinor, currency, paymentMethod, ...(parts && { parts }) };
}
