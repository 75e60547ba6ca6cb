import { refundedMinor as sumRefunds } from './book-refund.ts';
import { formatMoney } from './money.ts';
import type { PaymentTransactionRecord } from './order-transition.ts';
import type { PaymentDifference } from './payment-report.ts';

/** A payment as the payment service has it; amounts in minor units. */
export interface ProviderPayment {
  readonly paymentId: string;
  /** The key under which it was asked for; null for one that somebody made there by hand. */
  readonly idempotencyKey: string | null;
  readonly orderId: string | null;
  /** CAPTURED: money was taken, some of which may have been refunded. OPEN: it may be yet, as of an authorisation. */
  readonly status: 'CAPTURED' | 'DECLINED' | 'OPEN' | 'VOIDED';
  /** What was taken, or would be. */
  readonly amountMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
  /** What the payment service kept of it for itself, when it says so. */
  readonly feeMinor: number | null;
  /** When money last moved with it, or it was made. */
  readonly changedAt: Date;
}

/** A transaction of an order's books that went through the payment service; the amount in minor units. */
export interface BookedMovement {
  readonly idempotencyKey: string;
  readonly kind: PaymentTransactionRecord['kind'];
  readonly status: string;
  readonly paymentId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly at: Date;
}

/** What is compared of one order: the payments that the payment service told of, its books, and the time that the report is about. */
export interface ComparedOrder {
  readonly orderId: string | null;
  readonly listed: readonly ProviderPayment[];
  readonly books: readonly BookedMovement[];
  readonly from: Date;
  readonly to: Date;
}

/** In what the payment service and the order's books differ, both ways. What moved outside the time of the report is not looked for. */
export function comparePayments(order: ComparedOrder): PaymentDifference[] {
  const { listed, from, to } = order;
  const isAbout = (at: Date) => from <= at && at < to;
  const missing = findMissing(order, isAbout);
  const ofPayments = listed
    .filter(({ changedAt }) => isAbout(changedAt))
    .flatMap((theirs) => comparePayment(theirs, order));
  // One fault is told once: where a payment itself differs, the sum of the refunds does as well.
  const found = [...missing, ...ofPayments];
  if (found.length > 0) return found;
  // What was refunded since is looked at by the report on that time.
  return listed.some(({ changedAt }) => changedAt >= to) ? [] : compareRefunds(order);
}

/** What our books have of this time, and the payment service doesn't. */
function findMissing({ orderId, listed, books }: ComparedOrder, isAbout: (at: Date) => boolean): PaymentDifference[] {
  const hasNone = listed.every(({ status }) => status !== 'CAPTURED');
  const isMissing = (ours: BookedMovement) =>
    ours.kind === 'REFUND' ? hasNone : ours.status === 'CAPTURED' && !listed.some((one) => isSame(ours, one));
  return books
    .filter((ours) => isAbout(ours.at) && isMissing(ours))
    .map((ours) => ({
      kind: 'MISSING_AT_PROVIDER',
      orderId,
      paymentId: ours.paymentId,
      idempotencyKey: ours.idempotencyKey,
      ours: `${ours.kind === 'REFUND' ? 'refunded' : 'charged'} ${inWords(ours.amountMinor, ours.currency)}`,
      theirs: null,
    }));
}

function comparePayment(theirs: ProviderPayment, { orderId, listed, books }: ComparedOrder): PaymentDifference[] {
  const { paymentId, idempotencyKey } = theirs;
  const names = { orderId, paymentId, idempotencyKey };
  const told = inWords(theirs.amountMinor, theirs.currency);
  const isTaken = theirs.status === 'CAPTURED';
  const isKept = isTaken && theirs.refundedMinor < theirs.amountMinor;
  const booked = books.filter((one) => one.kind === 'CHARGE' && isSame(one, theirs));
  const [ours] = booked;
  // A charge whose saga was compensated is in no books: what was taken has gone back.
  if (!ours) return isKept ? [{ ...names, kind: 'MISSING_WITH_US', ours: null, theirs: told }] : [];
  const captured = booked.filter(({ status }) => status === 'CAPTURED');
  const oursMinor = captured.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const kept = inWords(oursMinor, ours.currency);
  if (isKept && listed.some((one) => isTwin(one, theirs))) {
    return [{ ...names, kind: 'DUPLICATED', ours: kept, theirs: told }];
  }
  if (ours.currency !== theirs.currency) return [{ ...names, kind: 'CURRENCY', ours: kept, theirs: told }];
  if (captured.length > 0 !== isTaken) {
    // What was declined in the end, and taken and given back meanwhile, is settled.
    const isSettled = captured.length === 0 && !isKept;
    return isSettled ? [] : [{ ...names, kind: 'STATUS', ours: ours.status, theirs: theirs.status }];
  }
  if (isTaken && oursMinor !== theirs.amountMinor) return [{ ...names, kind: 'AMOUNT', ours: kept, theirs: told }];
  return [];
}

/** Whether a payment is another one that was taken under the same key, and of which something is kept. */
function isTwin(one: ProviderPayment, other: ProviderPayment): boolean {
  const isOther = one.paymentId !== other.paymentId && one.idempotencyKey === other.idempotencyKey;
  return isOther && one.idempotencyKey !== null && one.status === 'CAPTURED' && one.refundedMinor < one.amountMinor;
}

/**
 * Whether the refunds differ in their sum: which payment a refund of several was drawn from, each side may say otherwise. A payment that
 * the payment service did not tell of may have been refunded before, in part or as a whole.
 */
function compareRefunds({ orderId, listed, books }: ComparedOrder): PaymentDifference[] {
  const taken = listed.filter((one) => one.status === 'CAPTURED' && books.some((ours) => isSame(ours, one)));
  const [first] = taken;
  if (!first) return [];
  const unlisted = books.filter((ours) => ours.status === 'CAPTURED' && !taken.some((one) => isSame(ours, one)));
  const theirsMinor = taken.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0);
  const mostMinor = unlisted.reduce((sum, { amountMinor }) => sum + amountMinor, theirsMinor);
  const oursMinor = sumRefunds(books);
  if (theirsMinor <= oursMinor && oursMinor <= mostMinor) return [];
  const say = (minor: number) => `refunded ${inWords(minor, first.currency)}`;
  const { paymentId, idempotencyKey } = first;
  return [{ kind: 'REFUNDED', orderId, paymentId, idempotencyKey, ours: say(oursMinor), theirs: say(theirsMinor) }];
}

function isSame(ours: BookedMovement, theirs: ProviderPayment): boolean {
  if (ours.kind !== 'CHARGE') return false;
  return (
    ours.idempotencyKey === theirs.idempotencyKey || (ours.paymentId !== null && ours.paymentId === theirs.paymentId)
  );
}

function inWords(minor: number, currency: string): string {
  return `${formatMoney(minor, currency)} ${currency}`;
}
