import { balanceOf, refundedMinor as sumRefunds, type BookedTransaction } from './book-refund.ts';
import { formatMoney } from './money.ts';
import type { PaymentTransactionRecord } from './order-transition.ts';
import { PAYMENT_SERVICE_ACTOR, type Order } from './order.ts';
import type { PaymentStatus } from './payment-status.ts';
import { paymentStatusAfter } from './return-items.ts';

/** A refund that the payment service tells of; the amount in minor units. */
export interface OutsideRefund {
  readonly orderId: string;
  /** As the payment service calls it. */
  readonly refundId: string;
  /** The key under which it was asked for, if it was asked for by one. */
  readonly idempotencyKey: string | null;
  readonly paymentId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string | null;
}

/** What a refund is judged by, beside its order. */
export interface RefundBooks {
  readonly transactions: readonly BookedTransaction[];
  /** Whether an amendment is under way, whose charge is not on record yet. */
  readonly isAmending: boolean;
}

/** What is to be done about a refund. `book`: what the order says then. `known`: it is on record, or is one of ours. */
export type RefundVerdict =
  | { readonly verdict: 'book'; readonly refundedMinor: number; readonly paymentStatus: PaymentStatus }
  | { readonly verdict: 'known' | 'wait' | 'dead'; readonly reason: string };

/** The key of a refund that somebody made at the payment service. */
export function outsideRefundKey(orderId: string, refundId: string): string {
  return `${orderId}${OUTSIDE}${encodeURIComponent(refundId)}`;
}

const OUTSIDE = ':refund:provider:';

/** The transaction of a refund that somebody made at the payment service, of an order that is paid by `paymentMethod`. */
export function toOutsideTransaction(
  { orderId, refundId, paymentId, amountMinor, currency, reason }: Omit<OutsideRefund, 'idempotencyKey'>,
  paymentMethod: string,
): PaymentTransactionRecord {
  return {
    idempotencyKey: outsideRefundKey(orderId, refundId),
    kind: 'REFUND',
    status: 'REFUNDED',
    ...(paymentId !== null && { paymentId }),
    amountMinor,
    currency,
    paymentMethod,
    reference: refundId,
    ...(reason !== null && { reason }),
    actor: PAYMENT_SERVICE_ACTOR,
  };
}

/** Whether somebody has refunded a part of the order at the payment service, past this system. */
export function hasOutsideRefund(transactions: readonly BookedTransaction[]): boolean {
  return transactions.some(({ idempotencyKey }) => idempotencyKey.includes(OUTSIDE));
}

/** Judges a refund by its order: right whichever is first, the refund, the charge that it is of, or one of our own of the same charge. */
export function judgeOutsideRefund(refund: OutsideRefund, order: Order, books: RefundBooks): RefundVerdict {
  const { transactions } = books;
  if (refund.currency !== order.currency) {
    return { verdict: 'dead', reason: `the order is in ${order.currency}, the refund in ${refund.currency}` };
  }
  if (refund.idempotencyKey?.startsWith(`${order.id}:`) === true) {
    return { verdict: 'known', reason: 'it is a refund that this system asked for' };
  }
  const booked = transactions.find((one) => isRefund(one, refund));
  if (booked) return judgeRepeat(refund, booked);
  const isCharged = transactions.some(({ status }) => status === 'CAPTURED');
  if (!isCharged) return { verdict: 'wait', reason: 'no charge of the order is on record yet' };
  const { inServiceMinor, outsideMinor } = balanceOf(transactions);
  const leftMinor = inServiceMinor + outsideMinor;
  if (refund.amountMinor <= leftMinor) return book(refund, order);
  return judgeExcess(refund, order, { leftMinor, ...books });
}

/** Whether a refund on record is this one: by its key, or by the reference that an operator gave when they had made it by hand. */
function isRefund(
  { kind, idempotencyKey, reference }: BookedTransaction,
  { orderId, refundId }: OutsideRefund,
): boolean {
  return kind === 'REFUND' && (idempotencyKey === outsideRefundKey(orderId, refundId) || reference === refundId);
}

function judgeRepeat({ amountMinor, currency }: OutsideRefund, booked: BookedTransaction): RefundVerdict {
  if (booked.amountMinor === amountMinor) return { verdict: 'known', reason: 'this refund is on record' };
  const amount = `${formatMoney(booked.amountMinor, currency)} ${currency}`;
  return { verdict: 'dead', reason: `this refund is on record with another amount: ${amount}` };
}

function book({ amountMinor }: OutsideRefund, order: Order): RefundVerdict {
  const refundedMinor = Math.min(order.refundedMinor + amountMinor, order.totalMinor);
  // A refund of ours that is being retried says by itself how it ended.
  const isOurs = order.paymentStatus === 'REFUNDING';
  const paymentStatus = isOurs ? order.paymentStatus : paymentStatusAfter(order, refundedMinor);
  return { verdict: 'book', refundedMinor, paymentStatus };
}

function judgeExcess(
  { amountMinor, currency }: OutsideRefund,
  { status }: Order,
  { transactions, isAmending, leftMinor }: RefundBooks & { readonly leftMinor: number },
): RefundVerdict {
  if (status === 'CANCELLED' && leftMinor <= 0 && amountMinor <= sumRefunds(transactions)) {
    return { verdict: 'known', reason: 'all that was charged for the cancelled order is on record as refunded' };
  }
  if (isAmending) return { verdict: 'wait', reason: 'an amendment is under way, whose charge is not on record yet' };
  const left = `${formatMoney(Math.max(leftMinor, 0), currency)} ${currency}`;
  return { verdict: 'dead', reason: `only ${left} of what was charged is left to refund` };
}
