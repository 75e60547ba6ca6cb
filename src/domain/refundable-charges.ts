import { isFailureOf, refundKeyOf, type BookedTransaction } from './book-refund.ts';
import { partNumberOf, wholeKeyOf } from './payment-part.ts';

/** A payment that a refund may draw from: its first charge's or capture's key, and what was taken by it in all, in minor units. */
export interface RefundableCharge {
  readonly idempotencyKey: string;
  readonly paymentId: string;
  readonly capturedMinor: number;
}

/**
 * The payments of an order through the payment service, in the order in which refunds draw from them: the oldest first, and of one that was
 * made with several methods the part that was used last. A part that has gone back since another was refused is none of them.
 */
export function refundableCharges(books: readonly BookedTransaction[]): RefundableCharge[] {
  const byPayment = new Map<string, RefundableCharge>();
  for (const { idempotencyKey, status, provider, paymentId, amountMinor } of lastPartFirst(books)) {
    if (status !== 'CAPTURED' || provider !== 'PAYMENT_SERVICE' || typeof paymentId !== 'string') continue;
    if (partNumberOf(idempotencyKey) > 0 && hasGoneBack(books, refundKeyOf(idempotencyKey))) continue;
    const known = byPayment.get(paymentId) ?? { idempotencyKey, paymentId, capturedMinor: 0 };
    byPayment.set(paymentId, { ...known, capturedMinor: known.capturedMinor + amountMinor });
  }
  return [...byPayment.values()];
}

/** Whether the refund with this key is on record and has not failed since. */
function hasGoneBack(books: readonly BookedTransaction[], key: string): boolean {
  return books.some(({ idempotencyKey }) => idempotencyKey === key) && !books.some((one) => isFailureOf(one, key));
}

/** The same transactions, with those of one payment by several methods next to each other, the last used first. */
function lastPartFirst(books: readonly BookedTransaction[]): readonly BookedTransaction[] {
  const wholes = books.map(({ idempotencyKey }) => wholeKeyOf(idempotencyKey));
  if (new Set(wholes).size === books.length) return books;
  return books.toSorted(
    (one, other) =>
      wholes.indexOf(wholeKeyOf(one.idempotencyKey)) - wholes.indexOf(wholeKeyOf(other.idempotencyKey)) ||
      partNumberOf(other.idempotencyKey) - partNumberOf(one.idempotencyKey),
  );
}
