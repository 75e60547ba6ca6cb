import type { PaymentCapture } from './payment-capture.ts';
import type { PaymentTransactionRecord } from './order-transition.ts';
import { chargesOf, type PaymentMade, type PaymentRequest } from './payment-part.ts';

/** A charge as it was asked for; the amount in minor units. */
export type RequestedCharge = Pick<
  PaymentTransactionRecord,
  'idempotencyKey' | 'amountMinor' | 'currency' | 'paymentMethod'
>;

/** The transaction of a charge that went through. */
export function capturedCharge(charge: RequestedCharge, paymentId: string | undefined): PaymentTransactionRecord {
  return toTransaction(charge, { status: 'CAPTURED', paymentId });
}

/** The transaction of an authorisation, which holds the money. */
export function authorizedCharge(charge: RequestedCharge, paymentId: string | undefined): PaymentTransactionRecord {
  return { ...toTransaction(charge, { status: 'AUTHORIZED', paymentId }), kind: 'AUTHORIZATION' };
}

/**
 * The transactions of what an order is confirmed with, in order of use: its charge, or one for each payment method, or the authorisation that
 * is captured as its goods are shipped.
 */
export function takenOrHeld(
  payment: PaymentRequest,
  { paymentId, partIds }: PaymentMade,
  capture: PaymentCapture | undefined,
): PaymentTransactionRecord[] {
  const ids = partIds ?? [paymentId];
  const record = capture === 'shipment' ? authorizedCharge : capturedCharge;
  return chargesOf(payment).map((charge, index) => record(charge, ids[index]));
}

/** The transaction of a charge that was declined. */
export function declinedCharge(charge: RequestedCharge, declineCode: string): PaymentTransactionRecord {
  return toTransaction(charge, { status: 'DECLINED', declineCode });
}

function toTransaction(
  { idempotencyKey, amountMinor, currency, paymentMethod }: RequestedCharge,
  outcome: Pick<PaymentTransactionRecord, 'status' | 'paymentId' | 'declineCode'>,
): PaymentTransactionRecord {
  return { idempotencyKey, kind: 'CHARGE', amountMinor, currency, paymentMethod, ...outcome };
}
