import type { AmendmentPlan } from '../src/domain/amendment.ts';
import { countUnits } from '../src/domain/line-portions.ts';
import { refundKeyOf } from '../src/domain/book-refund.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { PaymentStatus } from '../src/domain/payment-status.ts';
import { sagaName, type StepOf } from '../src/domain/saga.ts';
import type { OrderRun } from './order-run.ts';
import type { MovedMoney } from './run-activity.ts';
import { Saga } from './saga.ts';

/** An amendment that is being carried out. */
export interface Amendment extends PlannedAmendment {
  readonly saga: Saga<StepOf<'amend'>>;
  /** What it has charged and refunded so far. */
  readonly transactions: PaymentTransactionRecord[];
  /** Where the payment stands once it has captured the rest. */
  paymentStatus?: PaymentStatus | undefined;
}

interface PlannedAmendment {
  readonly order: OrderRun;
  readonly plan: AmendmentPlan;
  /** The name of its saga in the ledger. */
  readonly name: string;
}

/**
 * An amendment with what compensates its steps. Goods that were released may be sold by the time one wants them back, so only what
 * was reserved more is compensated. A backorder held nothing before: whatever it holds is replaced by its next amendment, or
 * released with it.
 */
export function newAmendment(order: OrderRun, plan: AmendmentPlan): Amendment {
  const planned = { order, plan, name: sagaName('amend', plan.number) };
  const reservesMore = countUnitsMore(plan) > 0 && !order.state.isBackordered;
  const before = { ...stockAfter(planned), lines: plan.linesBefore };
  const charge = differenceToCharge(planned);
  const summary = `refund ${order.money(charge.amountMinor)}`;
  const saga: Saga<StepOf<'amend'>> = new Saga(
    order,
    {
      amendReservation: reservesMore
        ? { name: 'restoreReservation', input: before, summary: 'reserve what was reserved before' }
        : undefined,
      chargeDifference:
        plan.differenceMinor > 0
          ? { name: 'refundDifferenceIfCharged', input: charge, summary, money: () => chargedDifference(saga, charge) }
          : undefined,
    },
    planned.name,
  );
  return { ...planned, saga, transactions: [] };
}

/** What there is to refund of a difference, should an operator do it: nothing unless its charge is known to have been made. */
function chargedDifference(
  { ledger }: Saga<StepOf<'amend'>>,
  { idempotencyKey, amountMinor }: ReturnType<typeof differenceToCharge>,
): MovedMoney | undefined {
  const charged = ledger.stateOf('chargeDifference');
  if (charged !== 'DONE' && charged !== 'RESOLVED') return undefined;
  return { kind: 'REFUND', key: refundKeyOf(idempotencyKey), amountMinor };
}

/** How many units more it needs; negative when it needs less. */
export function countUnitsMore({ linesBefore, linesAfter }: AmendmentPlan): number {
  return countUnits(linesAfter) - countUnits(linesBefore);
}

/** The stock that the order holds once amended, as input of an activity. */
export function stockAfter({ order, plan, name: saga }: PlannedAmendment) {
  const { orderId, reservationTtlMs: ttlMs } = order.input;
  return { orderId, saga, number: plan.number, lines: plan.linesAfter, ttlMs };
}

/** The difference that is charged, as input of an activity. */
export function differenceToCharge(amendment: PlannedAmendment) {
  return difference(amendment, 'charge');
}

/** The difference that is refunded, as input of an activity. */
export function differenceToRefund(amendment: PlannedAmendment) {
  return difference(amendment, 'refund');
}

function difference({ order, plan, name: saga }: PlannedAmendment, kind: 'charge' | 'refund') {
  const { orderId, currency } = order.input;
  const idempotencyKey = `${orderId}:${kind}:amend:${plan.number}`;
  return { orderId, saga, idempotencyKey, amountMinor: Math.abs(plan.differenceMinor), currency };
}

/** Adds a charge or refund of the difference, or of a part of it, to what is recorded in the end. */
export function addTransaction(
  amendment: Amendment,
  kind: 'CHARGE' | 'REFUND',
  { paymentId, amountMinor: partMinor }: { readonly paymentId?: string; readonly amountMinor?: number } = {},
): void {
  const isCharge = kind === 'CHARGE';
  const { idempotencyKey, amountMinor: wholeMinor, currency } = difference(amendment, isCharge ? 'charge' : 'refund');
  const amountMinor = partMinor ?? wholeMinor;
  if (amountMinor === 0) return;
  const status = isCharge ? 'CAPTURED' : 'REFUNDED';
  const { paymentMethod } = amendment.order.state;
  amendment.transactions.push({ idempotencyKey, kind, status, paymentId, amountMinor, currency, paymentMethod });
}
