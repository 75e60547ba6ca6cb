import { ApplicationFailure } from '@temporalio/common';
import {
  balanceOf,
  booksBefore,
  byHandMinor as sumByHand,
  orderRefundKey,
  refundedMinor,
  refundKeyOf,
  splitRefund,
  type BookedTransaction,
} from '../src/domain/book-refund.ts';
import { hasAmountRefund } from '../src/domain/amount-refund.ts';
import { capturedCharge } from '../src/domain/captured-charge.ts';
import { chargesOf, type PaymentRequest } from '../src/domain/payment-part.ts';
import { failureTypes, type DueByHand } from '../src/domain/failures.ts';
import { refundableCharges } from '../src/domain/refundable-charges.ts';
import { formatMoney } from '../src/domain/money.ts';
import { hasOutsideRefund } from '../src/domain/outside-refund.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { ChargeRequest, RefundRequest } from '../src/gateways/payment.ts';
import { sumOpenRefunds } from '../src/repositories/amount-refunds.ts';
import type { Db } from '../src/repositories/schema.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** What a refund came to, in minor units. */
export interface GivenBack {
  /** What went back through the payment service. */
  readonly refundedMinor: number;
  /** What an operator has given back by hand. */
  readonly byHandMinor: number;
  /** Charges that went back and that the saga had not heard of. */
  readonly charges?: readonly PaymentTransactionRecord[];
}

/** Input of a refund of an amount; which payments it draws from the books say. */
export type AmountRefundInput = Omit<RefundRequest, 'charges'>;

/** Input of a refund of everything that an order was paid. */
export interface OrderRefund {
  readonly orderId: string;
  readonly currency: string;
  /** Charges that went through and may not be on record yet. */
  readonly charges: readonly PaymentTransactionRecord[];
  /** A payment by several methods of which the saga has not heard what it came to: a part of it may have been charged. */
  readonly payment?: PaymentRequest | undefined;
}

/**
 * Refunds an amount once: through the payment service as far as the order's money is there. What was paid outside it is due by hand
 * first, and the `DUE_BY_HAND` thrown says how much; nothing has been refunded then.
 */
export async function refundAmount(
  { db, gateways }: ActivityDependencies,
  request: AmountRefundInput,
): Promise<GivenBack> {
  const { orderId, idempotencyKey, currency } = request;
  const books = await findBooks(db, orderId);
  const leftMinor = await leftToRefund(db, books, request);
  const { serviceMinor, byHandMinor, dueMinor } = splitRefund(books, idempotencyKey, leftMinor);
  if (dueMinor > 0) throw dueByHand({ refundedMinor: 0, dueMinor }, currency, books);
  if (serviceMinor > 0) {
    await gateways.payment.refund({ ...request, amountMinor: serviceMinor, charges: refundableCharges(books) });
  }
  return { refundedMinor: serviceMinor, byHandMinor };
}

/**
 * An amount of which a part may have gone back already, at the payment service or without goods: no more goes back than is left, and what
 * is promised without goods is kept for that.
 */
async function leftToRefund(
  db: Db,
  books: readonly BookedTransaction[],
  { orderId, idempotencyKey, amountMinor }: AmountRefundInput,
): Promise<number> {
  const isWithoutGoods = hasAmountRefund([{ idempotencyKey }]);
  const promisedMinor = isWithoutGoods ? 0 : await sumOpenRefunds(db, orderId);
  const mayBeLess = isWithoutGoods || promisedMinor > 0 || hasOutsideRefund(books) || hasAmountRefund(books);
  if (!mayBeLess) return amountMinor;
  const { inServiceMinor, outsideMinor } = balanceOf(booksBefore(books, idempotencyKey));
  return Math.min(amountMinor, Math.max(inServiceMinor + outsideMinor - promisedMinor, 0));
}

/**
 * Refunds everything that was paid for an order, amendments' refunds before it included, and forbids every later charge. Where
 * nothing was paid or refunded by hand the payment service knows best what there is. Otherwise what is on record goes back exactly,
 * and a charge that is not on record as a whole. What was paid outside is due by hand last.
 */
export async function refundOrder(
  dependencies: ActivityDependencies,
  { orderId, currency, charges, payment: untold }: OrderRefund,
): Promise<GivenBack> {
  const { db, gateways } = dependencies;
  const { payment } = gateways;
  const recorded = await findBooks(db, orderId);
  if (recorded.every(({ provider }) => provider !== 'EXTERNAL')) {
    const given = { refundedMinor: await payment.voidOrder(orderId, currency), byHandMinor: 0 };
    if (!untold || given.refundedMinor === 0) return given;
    return { ...given, charges: await findCharged(dependencies, untold) };
  }
  const books = withCharges(recorded, charges);
  const key = orderRefundKey(orderId);
  const before = booksBefore(books, key);
  const { inServiceMinor, outsideMinor } = balanceOf(before);
  const { serviceMinor, byHandMinor, dueMinor } = splitRefund(books, key, Math.max(inServiceMinor + outsideMinor, 0));
  await payment.voidOrder(orderId, currency, keysOfCharges(before));
  if (serviceMinor > 0) {
    const refund = { orderId, idempotencyKey: key, amountMinor: serviceMinor, currency };
    await payment.refund({ ...refund, charges: refundableCharges(books) });
  }
  if (dueMinor > 0) throw dueByHand({ refundedMinor: serviceMinor, dueMinor }, currency, books);
  return { refundedMinor: refundedMinor(before) + serviceMinor, byHandMinor };
}

/** The parts of a payment that were charged, as they go on record. Best effort: a compensation that is done waits for no look-up. */
async function findCharged(
  { gateways, logger }: ActivityDependencies,
  payment: PaymentRequest,
): Promise<PaymentTransactionRecord[]> {
  const charges = chargesOf(payment);
  try {
    const made = await Promise.all(charges.map(({ idempotencyKey }) => gateways.payment.findCharge(idempotencyKey)));
    return charges.flatMap((charge, index) => {
      const outcome = made[index];
      return outcome?.outcome === 'captured' ? [capturedCharge(charge, outcome.paymentId)] : [];
    });
  } catch (error) {
    logger.warn({ err: error, order_id: payment.orderId }, 'charges that went back not looked up');
    return [];
  }
}

/**
 * Refunds one charge if it was made, and forbids it; one that was paid outside the payment service is due by hand. A charge that is on
 * record belongs to an amendment that has ended, which a workflow that was reset may not know: nothing of it is taken back any more.
 */
export async function refundCharge(
  { db, gateways }: ActivityDependencies,
  { orderId, idempotencyKey, currency }: Pick<ChargeRequest, 'orderId' | 'idempotencyKey' | 'currency'>,
): Promise<GivenBack> {
  const books = await findBooks(db, orderId);
  const isOver = books.some(
    (one) => one.idempotencyKey === idempotencyKey && (one.status === 'CAPTURED' || one.kind === 'AUTHORIZATION'),
  );
  if (isOver) return { refundedMinor: 0, byHandMinor: 0 };
  const inServiceMinor = await gateways.payment.voidCharge(orderId, idempotencyKey, currency);
  const paidMinor = sumByHand(books, idempotencyKey);
  const byHandMinor = sumByHand(books, refundKeyOf(idempotencyKey));
  const dueMinor = paidMinor - byHandMinor;
  if (dueMinor > 0) throw dueByHand({ refundedMinor: inServiceMinor, dueMinor }, currency, books);
  return { refundedMinor: inServiceMinor, byHandMinor };
}

function withCharges(
  books: readonly BookedTransaction[],
  charges: readonly PaymentTransactionRecord[],
): readonly BookedTransaction[] {
  const known = new Set(books.map(({ idempotencyKey }) => idempotencyKey));
  const others = charges.filter(({ idempotencyKey }) => !known.has(idempotencyKey));
  return [
    ...books,
    ...others.map((charge) => ({ ...charge, provider: charge.provider ?? ('PAYMENT_SERVICE' as const) })),
  ];
}

/** The keys of the charges in the payment service that are on record, and of the authorisations that something was captured of. */
export function keysOfCharges(books: readonly BookedTransaction[]): string[] {
  const charges = books.filter(({ status, provider }) => status === 'CAPTURED' && provider === 'PAYMENT_SERVICE');
  const taken = new Set(charges.map(({ paymentId }) => paymentId));
  const held = books.filter(({ kind, paymentId }) => kind === 'AUTHORIZATION' && taken.has(paymentId));
  return [...charges, ...held].map(({ idempotencyKey }) => idempotencyKey);
}

/** Nothing but a person can give back what never was in the payment service. */
function dueByHand(due: DueByHand, currency: string, books: readonly BookedTransaction[]): ApplicationFailure {
  const paid = books.filter(({ kind, provider }) => kind === 'CHARGE' && provider === 'EXTERNAL');
  const how = paid.map(({ reason, reference }) => [reason, reference].filter(Boolean).join(', ')).filter(Boolean);
  const paidHow = how.length > 0 ? ` (${how.join('; ')})` : '';
  return ApplicationFailure.create({
    type: failureTypes.dueByHand,
    message:
      `${formatMoney(due.dueMinor, currency)} ${currency} was paid outside the payment service${paidHow}: ` +
      'it has to go back by hand, after which "resolve" records it',
    nonRetryable: true,
    details: [due],
  });
}
