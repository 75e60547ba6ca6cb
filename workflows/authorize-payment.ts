import { MADE_BY_HAND, type PaymentMade, type PaymentRequest } from '../src/domain/payment-part.ts';
import type { StepOf } from '../src/domain/saga.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import type { OrderRun } from './order-run.ts';

/**
 * Holds the money of a charge, then takes it, unless it is taken as the goods are shipped. Both are keyed on the charge: a retry finds what an earlier attempt has done. Throws the
 * refusal of a payment method that the service does not accept, or whose authorisation has expired before it could be captured. Without a payment
 * when an operator has taken the money by hand.
 */
export async function captureCharge(
  order: OrderRun,
  saga: CreateOrderSaga,
  charge: PaymentRequest,
): Promise<PaymentMade> {
  const { idempotencyKey, amountMinor } = charge;
  const money = () => ({ kind: 'CHARGE', key: idempotencyKey, amountMinor }) as const;
  const held = await order.requesting({ step: 'authorizePayment', key: idempotencyKey }, (answer) =>
    saga.run({ name: 'authorizePayment', input: charge, summary: `authorize ${order.total}`, answer, money }),
  );
  if (held?.paymentId === undefined || isCapturedLater(order)) return held ?? MADE_BY_HAND;
  const { paymentId, partIds } = held;
  const input = { ...charge, paymentId, ...(partIds && { partIds }) };
  const captured = await saga.run({ name: 'capturePayment', input, summary: `capture ${order.total}`, money });
  return captured ?? MADE_BY_HAND;
}

/** Whether payments are captured as goods are shipped, so that what was not shipped is only held. */
export function isCapturedLater({ input }: OrderRun): boolean {
  return input.paymentCapture === 'shipment';
}

/** The steps by which an order is paid, of which each order takes one way. */
export const payingSteps: readonly StepOf<'create'>[] = ['chargePayment', 'authorizePayment', 'capturePayment'];
