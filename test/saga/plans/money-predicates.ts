import { isDeepStrictEqual } from 'node:util';
import { computeTotals } from '../../../src/domain/order-totals.ts';
import { balanceOf, refundedMinor as sumRefunds } from '../../../src/domain/book-refund.ts';
import { sagaName, type SagaAction } from '../../../src/domain/saga.ts';
import { amounts, taxRates } from './order.ts';
import { ledgerKey } from './rows.ts';
import type { AtRest } from './run-plan.ts';

/**
 * What was taken and not given back, through the payment service and by hand, is the order's total less what it was refunded; nothing
 * once it is cancelled.
 */
export function keepsTheRightMoney(rest: AtRest): string | undefined {
  if (isToBeShipped(rest)) return holdsTheRest(rest);
  const { payment, projection } = rest;
  const { order, ledger, transactions } = projection.rows;
  const kept = payment.keptMinor() + balanceOf(transactions).outsideMinor;
  if (order.status === 'CANCELLED' && ledger.get('refundPaymentIfCharged') === 'SKIPPED') return undefined;
  const expected = order.status === 'CANCELLED' ? 0 : order.amounts.totalMinor - order.refundedMinor;
  const possible = order.status === 'CANCELLED' ? [0] : sums(expected, leftUndone(rest));
  return possible.includes(kept) ? undefined : `${order.status} and ${kept} kept, not ${possible.join(' or ')}`;
}

/** Whether the order is captured with its shipments, and has goods to ship. */
function isToBeShipped({ isCapturedLater, projection }: AtRest): boolean {
  const { order, items } = projection.rows;
  const isOpen = order.status === 'CONFIRMED' || order.status === 'PROCESSING';
  return isCapturedLater && isOpen && items.some(({ quantity, shippedQuantity }) => shippedQuantity < quantity);
}

/** Together, what was taken and what is held suffice for the order, and no more was taken than it comes to. */
function holdsTheRest(rest: AtRest): string | undefined {
  const { order, transactions } = rest.projection.rows;
  const kept = rest.payment.keptMinor() + balanceOf(transactions).outsideMinor;
  const held = rest.payment.heldMinor();
  const possible = sums(order.amounts.totalMinor - order.refundedMinor, leftUndone(rest));
  const isRight = kept <= Math.max(...possible) && kept + held >= Math.min(...possible);
  return isRight ? undefined : `${order.status} with ${kept} kept and ${held} held, of ${possible.join(' or ')}`;
}

/** Nothing is held of an order's payment any more, unless an operator gave up to release it. */
export function leavesNothingHeld(rest: AtRest): string | undefined {
  if (isToBeShipped(rest)) return undefined;
  const { payment, projection } = rest;
  const isGivenUp = projection.rows.ledger.get('voidPaymentIfAuthorized') === 'SKIPPED';
  return payment.heldMinor() === 0 || isGivenUp ? undefined : `${payment.heldMinor()} is held`;
}

/** The order's amounts are what its lines, its coupon, its tax rate and its shipping come to. */
export function addsUp({ projection }: AtRest): string | undefined {
  const { items, order } = projection.rows;
  const { couponTerms: coupon, amounts: told, taxRate } = order;
  const computed = computeTotals({ lines: items, coupon, taxRate, shippingMinor: told.shippingMinor });
  return isDeepStrictEqual(told, computed) ? undefined : `${JSON.stringify(told)} for ${JSON.stringify(items)}`;
}

/** The order is taxed where its goods go. */
export function isTaxedWhereItGoes({ projection }: AtRest): string | undefined {
  const { shippingAddress, taxRate } = projection.rows.order;
  const { country } = shippingAddress;
  return taxRate === (taxRates[country] ?? 0) ? undefined : `${country} at ${taxRate}`;
}

/** The transactions on record add up to what the order says that it was paid. */
export function keepsTrueBooks(rest: AtRest): string | undefined {
  const { order, transactions } = rest.projection.rows;
  if (order.status === 'CANCELLED') return undefined;
  const { inServiceMinor, outsideMinor } = balanceOf(transactions);
  const booked = inServiceMinor + outsideMinor;
  if (isToBeShipped(rest)) {
    const taken = sums(rest.payment.keptMinor() + outsideMinor, leftUndone(rest));
    return taken.includes(booked) ? undefined : `${booked} on record, and ${taken.join(' or ')} taken`;
  }
  const possible = sums(order.amounts.totalMinor - order.refundedMinor, leftUndone(rest));
  return possible.includes(booked) ? undefined : `${booked} on record, not ${possible.join(' or ')}`;
}

/** Whoever resolved a charge has it on record. */
export function remembersCharges({ projection }: AtRest): string | undefined {
  const { ledger, transactions } = projection.rows;
  const charges = ['chargePayment', 'authorizePayment', 'capturePayment'];
  const isResolved = [...ledger].some(([key, state]) => charges.includes(key) && state === 'RESOLVED');
  const isOnRecord = transactions.some(({ provider, kind }) => provider === 'EXTERNAL' && kind === 'CHARGE');
  return isResolved && !isOnRecord ? 'a charge that was made by hand is forgotten' : undefined;
}

/** At no moment was more taken than the dearest that the order was or was to be. */
export function takesNoMoreThanIsDue(rest: AtRest): string | undefined {
  const { payment, projection } = rest;
  const totals = projection.rows.amendments.map((amendment) => amendment.amounts.totalMinor);
  const extra = leftUndone(rest).reduce((sum, minor) => sum + Math.max(0, minor), 0);
  // What was given back by hand is still in the payment service.
  const most = Math.max(amounts.totalMinor, ...totals) + extra + refundedByHand(rest);
  return payment.mostKeptMinor() > most ? `${payment.mostKeptMinor()} was kept at one moment` : undefined;
}

/** What the order says of its payment is so. */
export function tellsOfItsMoney(rest: AtRest): string | undefined {
  const { payment, projection } = rest;
  const { order, ledger, amendments } = projection.rows;
  const { status, paymentStatus, refundedMinor: toldMinor, amounts: now } = order;
  const expected = toldMinor === 0 ? 'CAPTURED' : toldMinor < now.totalMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  const held = isToBeShipped(rest) && toldMinor === 0 ? ['AUTHORIZED', 'FAILED'] : [];
  if (status !== 'CANCELLED') {
    return [expected, ...held].includes(paymentStatus) ? undefined : `${status} with ${paymentStatus}`;
  }
  const byHandMinor = refundedByHand(rest);
  // What an operator left undone the order does not know.
  const state = ledger.get('refundPaymentIfCharged');
  if (state !== 'DONE' && !(state === 'RESOLVED' && byHandMinor > 0)) return undefined;
  // A part of a payment that went back since another was refused belongs to no total.
  const partsMinor = sumRefunds(
    projection.rows.transactions.filter(({ idempotencyKey }) => partKey.test(idempotencyKey)),
  );
  const allMinor = payment.refundedMinor() - partsMinor + byHandMinor;
  // Beyond its total, amendments gave back what they had taken, and the payment service what was paid by hand.
  const most = amendments.length > 0 || byHandMinor > 0 ? Math.min(allMinor, now.totalMinor) : allMinor;
  if (toldMinor !== most) return `${toldMinor} told, ${most} refunded`;
  const truthful = toldMinor > 0 ? ['REFUNDED'] : ['PENDING', 'FAILED'];
  return truthful.includes(paymentStatus) ? undefined : `${toldMinor} refunded, told ${paymentStatus}`;
}

/** The key of a refund of one part of a payment. */
const partKey = /:refund:\d+:\d$/;

/** What was given back by hand. */
function refundedByHand({ projection }: AtRest): number {
  const byHand = projection.rows.transactions.filter(({ provider }) => provider === 'EXTERNAL');
  return sumRefunds(byHand);
}

/** What may have been kept more, or less, since an operator gave up something of which nobody knows how far it had come. */
function leftUndone({ projection }: AtRest): number[] {
  const { ledger, amendments, returns, refunds } = projection.rows;
  const isSkipped = (step: SagaAction, saga: string) => ledger.get(ledgerKey(step, saga)) === 'SKIPPED';
  const ofAmendments = amendments.map(({ number, differenceMinor }) => {
    const saga = sagaName('amend', number);
    return isSkipped('refundDifference', saga) || isSkipped('refundDifferenceIfCharged', saga) ? differenceMinor : 0;
  });
  const ofReturns = returns.map(({ number, refundMinor }) =>
    isSkipped('refundReturn', sagaName('return', number)) ? -refundMinor : 0,
  );
  const ofRefunds = refunds.map(({ number, amountMinor }) =>
    isSkipped('refundAmount', sagaName('refund', number)) ? -amountMinor : 0,
  );
  return [...ofAmendments, ...ofReturns, ...ofRefunds].filter((minor) => minor !== 0);
}

/** A number with every choice of some others added. */
function sums(start: number, others: readonly number[]): number[] {
  return others.reduce((all, other) => all.flatMap((one) => [one, one + other]), [start]);
}
