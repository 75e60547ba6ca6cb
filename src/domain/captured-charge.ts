import type { PaymentCapture } from './messages.ts';
import type { PaymentTransactionRecord } from './order-transition.ts';

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

/** The transaction of what an order is confirmed with: its charge, or the authorisation that is captured as its goods are shipped. */
export function takenOrHeld(
  charge: RequestedCharge,
  paymentId: string | undefined,
  capture: PaymentCapture | undefined,
): PaymentTransactionRecord {
  return capture === 'shipment' ? authorizedCharge(charge, paymentId) : capturedCharge(charge, paymentId);
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
