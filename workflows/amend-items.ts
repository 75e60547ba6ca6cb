import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { AmendmentPlan } from '../src/domain/amendment.ts';
import { authorizedCharge } from '../src/domain/captured-charge.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { AmendItemsCommand } from '../src/domain/messages.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { untilWritten } from './activity-options.ts';
import {
  addTransaction,
  countUnitsMore,
  differenceToCharge,
  differenceToRefund,
  newAmendment,
  stockAfter,
  type Amendment,
} from './amendment.ts';
import { isCapturedLater } from './authorize-payment.ts';
import { captureShipment } from './change-status.ts';
import { createRejection } from './create-rejection.ts';
import { forbidCharge } from './forbid-charge.ts';
import type { OrderRun } from './order-run.ts';
import { StepSkipped } from './park-step.ts';
import { reviewAmendment } from './review-amendment.ts';
import { runRegularActivity } from './run-activity.ts';

/**
 * Changes what was ordered: reserves what is needed more, then charges or refunds the difference, then releases what is too much.
 * If stock or payment is refused, the order is unchanged, and the `ApplicationFailure` thrown says why.
 */
export async function amendItems(order: OrderRun, command: AmendItemsCommand): Promise<void> {
  const input = { orderId: order.id, command };
  const call = { name: 'planAmendment', input, summary: `amend by ${command.actor}` } as const;
  // Not on the fast path: the command is in the history before its first step. An amendment that is on record is brought to its
  // end, whatever is cancelled meanwhile.
  const plan = await CancellationScope.nonCancellable(() => runRegularActivity(call, untilWritten));
  if (plan.ended === 'FAILED') throw createRejection(failureTypes.notPossible, 'this amendment failed before');
  const amendment = newAmendment(order, plan);
  if (plan.ended === 'DONE') await complete(amendment);
  else await carryOut(amendment);
}

/**
 * Ends the amendment that an earlier run of this workflow left open: one that takes more is compensated; one that gives back may
 * have done so already and is carried out. With `isCancelled` the whole order is compensated, and this amendment has failed.
 */
export async function settleOpenAmendment(order: OrderRun, plan: AmendmentPlan, isCancelled: boolean): Promise<void> {
  const amendment = newAmendment(order, plan);
  if (isCancelled) {
    await record(amendment, 'FAILED');
  } else if (countUnitsMore(plan) > 0) {
    await compensate(amendment, { commitFirst: false });
    await record(amendment, 'FAILED');
  } else {
    await carryOut(amendment).catch((error: unknown) => {
      // Nobody waits for it any more; that it could not be done is on record.
      if (!(error instanceof ApplicationFailure)) throw error;
    });
  }
}

async function carryOut(amendment: Amendment): Promise<void> {
  const { order } = amendment;
  try {
    // A cancellation of the order interrupts an amendment.
    await order.interruptible.run(() => runSteps(amendment));
  } catch (error) {
    await compensate(amendment, { commitFirst: isCancellation(error) });
    await CancellationScope.nonCancellable(() => record(amendment, 'FAILED'));
    throw describeEnd(error);
  }
  await complete(amendment);
}

/** One that an earlier run has completed is found so, and changes nothing more. */
async function complete(amendment: Amendment): Promise<void> {
  const { order, plan } = amendment;
  const status = await CancellationScope.nonCancellable(() => record(amendment, 'DONE'));
  const refunds = amendment.transactions.filter(({ kind }) => kind === 'REFUND');
  const givenBackMinor = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  order.change({ kind: 'amended', totalMinor: plan.totalMinor, ...(isCapturedLater(order) && { givenBackMinor }) });
  // What was left to ship may have been taken out.
  order.change({ kind: 'statusRecorded', status });
}

async function runSteps(amendment: Amendment): Promise<void> {
  const { order, saga, plan } = amendment;
  const more = countUnitsMore(plan);
  const input = stockAfter(amendment);
  // A backorder holds nothing any more: what is left of it is reserved anew.
  if (more > 0 || order.state.isBackordered) {
    await saga.run({ name: 'amendReservation', input, summary: 'reserve what is needed' });
    order.change({ kind: 'backorderEnded' });
  }
  await reviewAmendment(amendment);
  if (plan.differenceMinor > 0) await chargeDifference(amendment);
  if (isCapturedLater(order) && plan.leavesNothingToShip) await captureRest(amendment);
  if (plan.differenceMinor < 0) await refundDifference(amendment);
  if (more < 0) await saga.runPivot({ name: 'releaseSurplus', input, summary: 'release what is too much' });
}

async function chargeDifference(amendment: Amendment): Promise<void> {
  const { order, saga } = amendment;
  const isHeld = isCapturedLater(order) && !amendment.plan.leavesNothingToShip;
  const difference = { ...differenceToCharge(amendment), paymentMethod: order.state.paymentMethod };
  const input = { ...difference, ...(isHeld && { isHeld }) };
  const { idempotencyKey } = input;
  // An operator had made it before the order was resumed.
  if (order.input.resume?.chargedByHand?.includes(idempotencyKey)) return;
  const summary = `charge ${order.money(input.amountMinor)} more`;
  const money = () => ({ kind: 'CHARGE', key: idempotencyKey, amountMinor: input.amountMinor }) as const;
  const paid = await order.requesting({ step: 'chargeDifference', key: idempotencyKey }, (answer) =>
    saga.run({ name: 'chargeDifference', input, summary, answer, money }),
  );
  if (paid?.paymentId === undefined) forbidCharge(order, idempotencyKey);
  else if (isHeld) amendment.transactions.push(authorizedCharge(difference, paid.paymentId));
  else addTransaction(amendment, 'CHARGE', { paymentId: paid.paymentId });
}

async function refundDifference(amendment: Amendment): Promise<void> {
  const { order, saga } = amendment;
  const amendedMinor = amendment.plan.totalMinor;
  const input = { ...differenceToRefund(amendment), ...(isCapturedLater(order) && { amendedMinor }) };
  const { idempotencyKey: key, amountMinor } = input;
  const summary = `refund ${order.money(amountMinor)}`;
  const money = () => ({ kind: 'REFUND', key, amountMinor }) as const;
  const refunded = await saga.runPivot({ name: 'refundDifference', input, summary, money });
  addTransaction(amendment, 'REFUND', { amountMinor: refunded?.refundedMinor ?? 0 });
}

/** What is lowered to what has left is shipped by that: the rest of what it comes to is taken now. */
async function captureRest(amendment: Amendment): Promise<void> {
  const { order, plan, transactions } = amendment;
  const chargedMinor = transactions.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const key = `amended:${plan.number}`;
  const captured = await captureShipment(order, { key, amendedMinor: plan.totalMinor - chargedMinor });
  transactions.push(...(captured.transactions ?? []));
  amendment.paymentStatus = captured.paymentStatus;
}

/** Compensates what was done of it; a charge that was refunded shows as both. */
async function compensate(amendment: Amendment, options: { readonly commitFirst: boolean }): Promise<void> {
  const { order, saga } = amendment;
  const { refundedMinor = 0, byHandMinor } = await saga.compensate(options);
  const isUnknown = saga.ledger.stateOf('chargeDifference') !== 'DONE';
  if (isUnknown && saga.ledger.stateOf('refundDifferenceIfCharged') === 'RESOLVED') {
    forbidCharge(order, differenceToCharge(amendment).idempotencyKey);
  }
  // Its authorisation was voided: the books keep only what was charged.
  const charged = amendment.transactions.filter(({ kind }) => kind !== 'AUTHORIZATION');
  amendment.transactions.splice(0, Infinity, ...charged);
  if (refundedMinor > 0) {
    if (!amendment.transactions.some(({ kind }) => kind === 'CHARGE')) addTransaction(amendment, 'CHARGE');
    addTransaction(amendment, 'REFUND', { amountMinor: refundedMinor });
  }
  // Of a refund that was given up, a part may have gone back by hand before.
  const beforeMinor = saga.ledger.byHandMinor('refundDifference');
  const givenBackMinor = refundedMinor + byHandMinor + beforeMinor;
  order.change({ kind: 'amendmentCompensated', refundedMinor: givenBackMinor });
}

/** Returns the status that the order has afterwards. */
async function record(amendment: Amendment, state: 'DONE' | 'FAILED'): Promise<OrderStatus> {
  const { order, saga, plan, transactions, paymentStatus } = amendment;
  const input = {
    orderId: order.id,
    number: plan.number,
    state,
    steps: saga.ledger.records,
    transactions,
    ...(paymentStatus && { paymentStatus }),
  };
  const call = { name: 'recordAmendment', input, summary: `amendment ${state}` } as const;
  // Not on the fast path: what it says must not be on record before the steps that it speaks of are in the history.
  const { status } = await runRegularActivity(call, untilWritten);
  return status;
}

/** What the sender is told. A cancellation that also ends what is around goes on as what it is. */
function describeEnd(error: unknown): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof StepSkipped) return createRejection(failureTypes.notPossible, error.message);
  if (isCancellation(error) && !CancellationScope.current().consideredCancelled) {
    return createRejection(failureTypes.transitionNotAllowed, 'the order is being cancelled');
  }
  return error;
}
