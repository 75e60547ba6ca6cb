import { ApplicationFailure, CancellationScope, isCancellation, uuid4 } from '@temporalio/workflow';
import type { AmendmentPlan } from '../src/domain/amendment.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { AmendItemsCommand, OrderLine } from '../src/domain/messages.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { sagaName } from '../src/domain/saga.ts';
import { untilWritten } from './activity-options.ts';
import type { Order } from './order.ts';
import { refuse } from './refuse.ts';
import { Restart } from './restart.ts';
import { runRegular, type ActivityCall } from './run-activity.ts';
import { Saga, StepSkipped, type UndoResults } from './saga.ts';

interface Amendment {
  readonly order: Order;
  readonly saga: Saga;
  readonly plan: AmendmentPlan;
  readonly transactions: PaymentTransactionRecord[];
}

/**
 * Changes what was ordered: takes what is needed more, then charges or gives back the difference, then gives up what is too
 * much. When it can't be done the order is as it was, and the `ApplicationFailure` thrown says why.
 */
export async function amendItems(order: Order, given: AmendItemsCommand): Promise<void> {
  const command = { item_id: uuid4(), ...given };
  const input = { orderId: order.id, command };
  const call = { name: 'planAmendment', input, summary: `amend by ${command.actor}` } as const;
  // Not on the fast path: it is in the history before its first step, and no lost task can let another command come first. What is
  // on record is brought to its end, whatever is cancelled meanwhile.
  const plan = await CancellationScope.nonCancellable(() => runRegular(call, untilWritten));
  if (plan.ended === 'DONE') order.amended(plan.totalMinor);
  else if (plan.ended === 'FAILED') throw refuse(failureTypes.notPossible, 'this amendment was taken back before');
  else await carryOut(newAmendment(order, plan));
}

async function carryOut(amendment: Amendment): Promise<void> {
  const { order, plan } = amendment;
  try {
    await interruptibly(order, () => runSteps(amendment));
  } catch (error) {
    noteRefund(amendment, await amendment.saga.compensate());
    await CancellationScope.nonCancellable(() => record(amendment, 'FAILED'));
    throw reasonOf(error);
  }
  await CancellationScope.nonCancellable(() => record(amendment, 'DONE'));
  order.amended(plan.totalMinor);
}

function newAmendment(order: Order, plan: AmendmentPlan): Amendment {
  return { order, plan, saga: new Saga(order, sagaName('amend', plan.number)), transactions: [] };
}

/** A cancellation of the order cuts an amendment short; while the order is being placed it cuts all of that short anyway. */
async function interruptibly(order: Order, run: () => Promise<void>): Promise<void> {
  if (order.interruptible) return run();
  order.interruptible = new CancellationScope({ cancellable: true });
  try {
    if (order.inbox.peek('cancelOrder')) order.interruptible.cancel();
    await order.interruptible.run(run);
  } finally {
    order.interruptible = undefined;
  }
}

async function runSteps(amendment: Amendment): Promise<void> {
  const { order, saga, plan } = amendment;
  const more = units(plan.linesAfter) - units(plan.linesBefore);

  // Before the first step: an attempt at this task that was lost with its worker may have come further than this one will.
  // Goods that were given up may be gone by the time one wants them back, so only what was taken more is undone. An order that
  // is short held nothing before: whatever it holds gives way to its next amendment, or is released with it.
  if (more > 0 && !order.isShort) saga.undoBy(restoreReservation(amendment));
  if (plan.differenceMinor > 0) saga.undoBy(refundIfCharged(amendment));

  // An order that is short holds nothing any more: what is left of it is held anew.
  if (more > 0 || order.isShort) {
    await saga.step({ name: 'amendReservation', input: stock(amendment), summary: 'reserve what is needed' });
    order.isShort = false;
  }
  if (plan.differenceMinor > 0) await chargeDifference(amendment);
  if (plan.differenceMinor < 0) await refundDifference(amendment);
  if (more < 0) {
    await saga.irrevocably({ name: 'releaseSurplus', input: stock(amendment), summary: 'release what is too much' });
  }
}

function units(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function stock({ order, saga, plan }: Amendment) {
  const { orderId, reservationTtlMs: ttlMs } = order.input;
  return { orderId, saga: saga.name ?? '', number: plan.number, lines: plan.linesAfter, ttlMs };
}

function restoreReservation(amendment: Amendment): ActivityCall<'restoreReservation'> {
  const input = { ...stock(amendment), lines: amendment.plan.linesBefore };
  return { name: 'restoreReservation', input, summary: 'hold what was held before' };
}

function money({ order, saga, plan }: Amendment, kind: 'charge' | 'refund') {
  const { orderId, currency } = order.input;
  const idempotencyKey = `${orderId}:${kind}:amend:${plan.number}`;
  return { orderId, saga: saga.name ?? '', idempotencyKey, amountMinor: Math.abs(plan.differenceMinor), currency };
}

async function chargeDifference(amendment: Amendment): Promise<void> {
  const { order, saga } = amendment;
  const input = { ...money(amendment, 'charge'), paymentMethod: order.paymentMethod };
  const summary = `charge ${order.money(input.amountMinor)} more`;
  const restart = new Restart();
  order.charge = { step: 'chargeDifference', idempotencyKey: input.idempotencyKey, restart };
  try {
    const paid = await saga.step({ name: 'chargeDifference', input, summary, restart });
    if (paid) note(amendment, 'CHARGE', paid.paymentId);
  } finally {
    order.charge = undefined;
  }
}

function refundIfCharged(amendment: Amendment): ActivityCall<'refundDifferenceIfCharged'> {
  const input = money(amendment, 'charge');
  return { name: 'refundDifferenceIfCharged', input, summary: `refund ${amendment.order.money(input.amountMinor)}` };
}

async function refundDifference(amendment: Amendment): Promise<void> {
  const { order, saga } = amendment;
  const input = money(amendment, 'refund');
  await saga.irrevocably({ name: 'refundDifference', input, summary: `give ${order.money(input.amountMinor)} back` });
  note(amendment, 'REFUND');
}

function note({ order, ...amendment }: Amendment, kind: 'CHARGE' | 'REFUND', paymentId?: string): void {
  const { idempotencyKey, amountMinor, currency } = money(
    { order, ...amendment },
    kind === 'CHARGE' ? 'charge' : 'refund',
  );
  const status = kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED';
  const { paymentMethod } = order;
  amendment.transactions.push({ idempotencyKey, kind, status, paymentId, amountMinor, currency, paymentMethod });
}

/** A charge that was taken back shows as both. */
function noteRefund(amendment: Amendment, { refundDifferenceIfCharged: undone }: UndoResults): void {
  if (!undone || undone.refundedMinor === 0) return;
  if (!amendment.transactions.some(({ kind }) => kind === 'CHARGE')) note(amendment, 'CHARGE');
  note(amendment, 'REFUND');
  amendment.order.amendedBackMinor += undone.refundedMinor;
}

/**
 * Settles the amendment that an earlier run of this workflow left: one that takes more is taken back; one that gives back may
 * have done so already and is carried out. With `isCancelled` the order gives everything back, and this as well.
 */
export async function settleOpenAmendment(order: Order, plan: AmendmentPlan, isCancelled: boolean): Promise<void> {
  const amendment = newAmendment(order, plan);
  if (isCancelled) return record(amendment, 'FAILED');
  if (units(plan.linesAfter) <= units(plan.linesBefore)) {
    return carryOut(amendment).catch((error: unknown) => {
      // Nobody waits for it any more; that it could not be done is on record.
      if (!(error instanceof ApplicationFailure)) throw error;
    });
  }
  amendment.saga.undoBy(restoreReservation(amendment));
  if (plan.differenceMinor > 0) amendment.saga.undoBy(refundIfCharged(amendment));
  noteRefund(amendment, await amendment.saga.compensate());
  return record(amendment, 'FAILED');
}

async function record({ order, saga, plan, transactions }: Amendment, state: 'DONE' | 'FAILED'): Promise<void> {
  const input = { orderId: order.id, number: plan.number, state, steps: saga.records, transactions };
  // Not on the fast path: what it says must not be on record before the steps that it speaks of are in the history.
  await runRegular({ name: 'recordAmendment', input, summary: `amendment ${state}` }, untilWritten);
}

/** What the sender is told. A cancellation that also ends what is around goes on as what it is. */
function reasonOf(error: unknown): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof StepSkipped) return refuse(failureTypes.notPossible, error.message);
  if (isCancellation(error) && !CancellationScope.current().consideredCancelled) {
    return refuse(failureTypes.transitionNotAllowed, 'the order is being cancelled');
  }
  return error;
}
