import { isFailureOf, orderRefundKey, refundFailureKey, refundKeyOf, type BookedTransaction } from './book-refund.ts';
import { formatMoney } from './money.ts';
import type { PaymentTransactionRecord } from './order-transition.ts';
import { PAYMENT_SERVICE_ACTOR, type Order } from './order.ts';
import { judgeOutsideRefund, outsideRefundKey, type OutsideRefund, type RefundBooks } from './outside-refund.ts';
import type { PaymentStatus } from './payment-status.ts';

/**
 * What is to be done about a refund that has failed. `book`: `refund` is what fails, `isNew` when it is on record only from now on, and
 * the rest is what the order says then.
 */
export type FailureVerdict =
  | {
      readonly verdict: 'book';
      readonly refund: Pick<BookedTransaction, 'idempotencyKey' | 'provider'>;
      readonly isNew: boolean;
      readonly refundedMinor: number;
      readonly paymentStatus: PaymentStatus;
    }
  | { readonly verdict: 'known' | 'wait' | 'dead'; readonly reason: string };

/**
 * Judges a refund that has failed at the payment service, by its order: right whichever is first, its failure or the news that it was
 * made, and however often either is told.
 */
export function judgeFailedRefund(failed: OutsideRefund, order: Order, books: RefundBooks): FailureVerdict {
  const { transactions } = books;
  if (failed.currency !== order.currency) {
    return { verdict: 'dead', reason: `the order is in ${order.currency}, the refund in ${failed.currency}` };
  }
  const known = transactions.find((one) => one.kind === 'REFUND_FAILURE' && one.reference === failed.refundId);
  if (known) return judgeRepeat(failed, known);
  const refund = findRefund(failed, order, transactions);
  if (refund) return judgeBooked(failed, order, refund, transactions);
  if (failed.idempotencyKey?.startsWith(`${order.id}:`) === true) return judgeUnknown(order);
  const made = judgeOutsideRefund(failed, order, books);
  if (made.verdict !== 'book') return made;
  const { refundedMinor, paymentStatus } = order;
  const idempotencyKey = outsideRefundKey(order.id, failed.refundId);
  return {
    verdict: 'book',
    refund: { idempotencyKey, provider: 'PAYMENT_SERVICE' },
    isNew: true,
    refundedMinor,
    paymentStatus,
  };
}

/** Whether what was refunded with this key is a part of the order's total, so that the order shows it as refunded. */
export function countsInTotal(refundKey: string, { id, status }: Pick<Order, 'id' | 'status'>): boolean {
  // What an amendment gives back is no part of the total any more, and a charge that failed or came late never was one, as of a payment by
  // several methods one of which was refused.
  if (refundKey.startsWith(`${id}:refund:amend:`) || /:refund:\d+:\d$/.test(refundKey)) return false;
  return status === 'CANCELLED' || !refundKey.startsWith(`${id}:charge:`);
}

/** The transaction that says that a refund on record has failed. */
export function toFailureTransaction(
  { refundId, paymentId, amountMinor, currency, reason }: OutsideRefund,
  { idempotencyKey, provider }: Pick<BookedTransaction, 'idempotencyKey' | 'provider'>,
  paymentMethod: string,
): PaymentTransactionRecord {
  return {
    idempotencyKey: refundFailureKey(idempotencyKey, refundId),
    kind: 'REFUND_FAILURE',
    status: 'FAILED',
    ...(paymentId !== null && { paymentId }),
    amountMinor,
    currency,
    paymentMethod,
    provider,
    reference: refundId,
    ...(reason !== null && { reason }),
    actor: PAYMENT_SERVICE_ACTOR,
  };
}

/** What has happened, for people. */
export function describeFailedRefund({ amountMinor, currency, refundId, reason }: OutsideRefund): string {
  const why = reason === null ? '' : ` (${reason})`;
  return `the refund ${refundId} of ${formatMoney(amountMinor, currency)} ${currency} has failed at the payment service${why}`;
}

/** The refund on record that has failed: by its key, by its id, or as what was given back of a whole order or of one of its charges. */
function findRefund(
  { refundId, idempotencyKey, amountMinor }: OutsideRefund,
  { id, status }: Order,
  transactions: readonly BookedTransaction[],
): BookedTransaction | undefined {
  const refunds = transactions.filter(({ kind }) => kind === 'REFUND');
  const byKey = (key: string) => refunds.find((one) => one.idempotencyKey === key);
  const byId = byKey(outsideRefundKey(id, refundId)) ?? refunds.find(({ reference }) => reference === refundId);
  if (idempotencyKey === null) {
    if (byId) return byId;
    const whole = status === 'CANCELLED' ? byKey(orderRefundKey(id)) : undefined;
    return whole && leftOf(whole, transactions) >= amountMinor ? whole : undefined;
  }
  if (!idempotencyKey.endsWith(VOID)) return byKey(idempotencyKey) ?? byId;
  const chargeKey = idempotencyKey.slice(0, -VOID.length);
  return byKey(refundKeyOf(chargeKey)) ?? byKey(`${chargeKey}:refund`) ?? byKey(orderRefundKey(id));
}

/** What a refund of all that a charge has taken carries behind the charge's key. */
const VOID = ':void';

function judgeBooked(
  { amountMinor, currency }: OutsideRefund,
  order: Order,
  refund: BookedTransaction,
  transactions: readonly BookedTransaction[],
): FailureVerdict {
  const leftMinor = leftOf(refund, transactions);
  if (amountMinor > leftMinor) {
    const left = `${formatMoney(leftMinor, currency)} ${currency}`;
    return { verdict: 'dead', reason: `only ${left} of what was refunded is on record` };
  }
  if (!countsInTotal(refund.idempotencyKey, order)) {
    const { refundedMinor, paymentStatus } = order;
    return { verdict: 'book', refund, isNew: false, refundedMinor, paymentStatus };
  }
  const refundedMinor = Math.max(order.refundedMinor - amountMinor, 0);
  const isOurs = order.paymentStatus === 'REFUNDING';
  const paymentStatus = isOurs ? order.paymentStatus : refundedMinor > 0 ? 'PARTIALLY_REFUNDED' : 'CAPTURED';
  return { verdict: 'book', refund, isNew: false, refundedMinor, paymentStatus };
}

/** What of a refund has not failed. */
function leftOf(
  { idempotencyKey, amountMinor }: BookedTransaction,
  transactions: readonly BookedTransaction[],
): number {
  const failures = transactions.filter((one) => isFailureOf(one, idempotencyKey));
  return failures.reduce((left, failure) => left - failure.amountMinor, amountMinor);
}

/** A refund that this system asked for, and which is not on record. */
function judgeUnknown({ sagaState, paymentStatus }: Order): FailureVerdict {
  const isAtRest = sagaState === 'COMPLETED' || sagaState === 'COMPENSATED';
  if (isAtRest && paymentStatus !== 'REFUNDING') {
    return { verdict: 'known', reason: 'nothing of this refund is on record' };
  }
  return { verdict: 'wait', reason: 'the refund is not on record yet' };
}

function judgeRepeat({ amountMinor, currency }: OutsideRefund, known: BookedTransaction): FailureVerdict {
  if (known.amountMinor === amountMinor)
    return { verdict: 'known', reason: 'that this refund has failed is on record' };
  const amount = `${formatMoney(known.amountMinor, currency)} ${currency}`;
  return { verdict: 'dead', reason: `that this refund has failed is on record with another amount: ${amount}` };
}
