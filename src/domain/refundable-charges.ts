import type { BookedTransaction } from './book-refund.ts';

/** A payment that a refund may draw from: its first charge's or capture's key, and what was taken by it in all, in minor units. */
export interface RefundableCharge {
  readonly idempotencyKey: string;
  readonly paymentId: string;
  readonly capturedMinor: number;
}

/** The payments of an order through the payment service, in the order in which refunds draw from them: the oldest first. */
export function refundableCharges(books: readonly BookedTransaction[]): RefundableCharge[] {
  const byPayment = new Map<string, RefundableCharge>();
  for (const { idempotencyKey, status, provider, paymentId, amountMinor } of books) {
    if (status !== 'CAPTURED' || provider !== 'PAYMENT_SERVICE' || typeof paymentId !== 'string') continue;
    const known = byPayment.get(paymentId) ?? { idempotencyKey, paymentId, capturedMinor: 0 };
    byPayment.set(paymentId, { ...known, capturedMinor: known.capturedMinor + amountMinor });
  }
  return [...byPayment.values()];
}
