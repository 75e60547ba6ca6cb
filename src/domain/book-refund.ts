import type { PaymentTransactionRecord } from './order-transition.ts';

/** A charge or refund on record; amounts in minor units. */
export type BookedTransaction = Pick<PaymentTransactionRecord, 'idempotencyKey' | 'kind' | 'status' | 'amountMinor'> & {
  readonly provider: NonNullable<PaymentTransactionRecord['provider']>;
  readonly paymentId?: string | null | undefined;
  readonly paymentMethod?: string | undefined;
  readonly declineCode?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly reason?: string | null | undefined;
};

/** How much of a refund goes which way, in minor units. */
export interface RefundSplit {
  /** Through the payment service. */
  readonly serviceMinor: number;
  /** Has gone back by hand already. */
  readonly byHandMinor: number;
  /** Was paid outside the payment service, and still has to go back by hand. */
  readonly dueMinor: number;
}

/**
 * Splits a refund between the payment service, as far as the order's money is there, and what was paid outside it. `key` is the
 * refund's own, whose earlier attempts are not counted twice.
 */
export function splitRefund(books: readonly BookedTransaction[], key: string, amountMinor: number): RefundSplit {
  const { inServiceMinor, outsideMinor } = balanceOf(booksBefore(books, key));
  const outsideShareMinor = Math.min(Math.max(amountMinor - Math.max(inServiceMinor, 0), 0), Math.max(outsideMinor, 0));
  const doneMinor = byHandMinor(books, key);
  const dueMinor = Math.max(outsideShareMinor - doneMinor, 0);
  return { serviceMinor: Math.max(amountMinor - doneMinor - dueMinor, 0), byHandMinor: doneMinor, dueMinor };
}

/** An order's transactions but for those of one refund, by the refund's key. */
export function booksBefore(books: readonly BookedTransaction[], key: string): BookedTransaction[] {
  return books.filter((one) => one.idempotencyKey !== key && !isByHand(one, key) && !isFailureOf(one, key));
}

/** What of an order's money is in the payment service, and what was paid outside it, less what was refunded there; in minor units. */
export function balanceOf(books: readonly BookedTransaction[]): { inServiceMinor: number; outsideMinor: number } {
  const balance = (provider: BookedTransaction['provider']) => {
    const moved = books.filter((one) => one.provider === provider);
    return sumOf(moved.filter(({ status }) => status === 'CAPTURED')) - refundedMinor(moved);
  };
  return { inServiceMinor: balance('PAYMENT_SERVICE'), outsideMinor: balance('EXTERNAL') };
}

/** What was refunded in all, less the refunds that have failed since, in minor units. */
export function refundedMinor(books: readonly Pick<BookedTransaction, 'kind' | 'amountMinor'>[]): number {
  return (
    sumOf(books.filter(({ kind }) => kind === 'REFUND')) - sumOf(books.filter(({ kind }) => kind === 'REFUND_FAILURE'))
  );
}

/** The key of what is on record of a refund's failure: a refund that is drawn from several payments may fail in parts. */
export function refundFailureKey(refundKey: string, refundId: string): string {
  return `${refundKey}${FAILED}${encodeURIComponent(refundId)}`;
}

const FAILED = ':failed:';

/** Whether a transaction says that the refund with `key`, or a part of it, has failed. */
export function isFailureOf({ kind, idempotencyKey }: BookedTransaction, key: string): boolean {
  return kind === 'REFUND_FAILURE' && idempotencyKey.startsWith(`${key}${FAILED}`);
}

/** What was charged or refunded by hand in the place of the charge or refund with `key`, in minor units. */
export function byHandMinor(books: readonly BookedTransaction[], key: string): number {
  return sumOf(books.filter((one) => isByHand(one, key)));
}

/** The key of a charge or refund that was made by hand in the place of the one with `key`. */
export function keyByHand(key: string): string {
  return `${key}:external`;
}

/** The keys of the charges in whose place one was made by hand. */
export function chargesByHand(books: readonly BookedTransaction[]): string[] {
  const byHand = books.filter(({ kind, provider }) => kind === 'CHARGE' && provider === 'EXTERNAL');
  return byHand.map(({ idempotencyKey }) => idempotencyKey.slice(0, idempotencyKey.indexOf(keyByHand(''))));
}

/** The key of the refund that an amendment's charge is given back with, or a part of a payment another part of which was refused. */
export function refundKeyOf(chargeKey: string): string {
  return chargeKey.replace(':charge:', ':refund:');
}

/** The key of the refund of a whole order. */
export function orderRefundKey(orderId: string): string {
  return `${orderId}:refund`;
}

function isByHand({ kind, idempotencyKey }: BookedTransaction, key: string): boolean {
  return kind !== 'REFUND_FAILURE' && idempotencyKey.startsWith(keyByHand(key));
}

function sumOf(transactions: readonly Pick<BookedTransaction, 'amountMinor'>[]): number {
  return transactions.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
