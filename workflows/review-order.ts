import { ApplicationFailure, CancellationScope, isCancellation, uuid4 } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { CommandResult, OrderCommand } from '../src/domain/messages.ts';
import {
  reviewKey,
  type ReviewDecision,
  type ReviewOutcome,
  type ReviewTerms,
  type ReviewVerdict,
} from '../src/domain/order-review.ts';
import { SAGA_ACTOR, type OrderFailure } from '../src/domain/order.ts';
import { untilWritten } from './activity-options.ts';
import type { PendingCommand } from './command-queue.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { runUninterrupted } from './interruptible.ts';
import type { OrderRun } from './order-run.ts';
import { describeFailure } from './park-step.ts';
import { runActivity, runRegularActivity, type ActivityCall } from './run-activity.ts';

/**
 * Has the order reviewed before it is paid with its `attempt`th payment method, where orders are reviewed: returns when it is approved,
 * also by a person, for whom it waits in front of everybody's eyes. Throws ORDER_REJECTED when it is not.
 */
export async function reviewOrder(order: OrderRun, saga: CreateOrderSaga, attempt: number): Promise<void> {
  const { review: terms } = order.input;
  if (!terms) return;
  for (;;) {
    const outcome = await ask(order, saga, attempt, terms);
    const decision = await settle({ order, saga, key: reviewKey(order.id, attempt), terms }, outcome);
    if (decision === 'approve') return;
    if (decision === 'reject') throw rejection();
  }
}

/** What the customer is told of an order that was rejected: not why. */
export function describeRejection(): OrderFailure {
  return { code: 'ORD007', message: NOT_ACCEPTED, details: [] };
}

const NOT_ACCEPTED = 'the order was not accepted';

/** The refusal of an order that was rejected. */
export function rejection(): ApplicationFailure {
  return ApplicationFailure.create({ type: failureTypes.orderRejected, message: NOT_ACCEPTED, nonRetryable: true });
}

/** The review that an order has before it is paid, as input of an activity. */
export function newReview({ id, state }: OrderRun, attempt: number) {
  const occasion = attempt === 1 ? ('placed' as const) : ('payment_retried' as const);
  const { paymentMethod, paymentParts } = state;
  const methods = paymentParts && { paymentMethods: paymentParts.map((part) => part.paymentMethod) };
  return { orderId: id, key: reviewKey(id, attempt), occasion, paymentMethod, ...methods };
}

/** The review's outcome, or the one that the terms have for a review that failed. */
async function ask(
  order: OrderRun,
  saga: CreateOrderSaga,
  attempt: number,
  { patienceMs, onFailure }: ReviewTerms,
): Promise<ReviewOutcome & { readonly isFallback?: boolean }> {
  const call = { name: 'reviewOrder', input: newReview(order, attempt), summary: `review ${order.total}` } as const;
  try {
    return await saga.attempt(call, patienceMs);
  } catch (error) {
    if (error instanceof ApplicationFailure || isCancellation(error)) throw error;
    const verdict = onFailure === 'wait' ? 'review' : onFailure;
    return { verdict, reasons: [`the review failed: ${describeFailure(error)}`], isFallback: true };
  }
}

interface OpenReview {
  readonly order: OrderRun;
  readonly saga: CreateOrderSaga;
  readonly key: string;
  readonly terms: ReviewTerms;
}

/** What is done with the order: as the review says, or as a person does. An approval by the reviewer is not worth a record. */
async function settle(
  open: OpenReview,
  outcome: ReviewOutcome & { readonly isFallback?: boolean },
): Promise<ReviewDecision | 'retry'> {
  const { verdict, isFallback = false } = outcome;
  if (verdict === 'review') return awaitPerson(open, outcome);
  if (verdict === 'reject' || isFallback) {
    const state = verdict === 'reject' ? 'REFUSED' : 'DONE';
    await CancellationScope.nonCancellable(() => record(open, outcome, { state }));
    open.saga.ledger.note('reviewOrder', { state });
  }
  return verdict;
}

type Decision = Extract<OrderCommand, { name: 'reviewOrder' | 'resolveStep' }>;

/** Keeps the order until a person has decided, or the terms do because nobody has in time. A cancellation of the order interrupts it. */
async function awaitPerson(open: OpenReview, outcome: ReviewOutcome): Promise<ReviewDecision | 'retry'> {
  const { order, saga, terms } = open;
  const deadline = Date.now() + terms.windowMs;
  const until = new Date(deadline).toISOString();
  const why = outcome.reasons.join('; ') || 'the review asks for a person';
  order.change({
    kind: 'parked',
    step: 'reviewOrder',
    problem: `${why}. If nobody decides until ${until}: ${terms.onTimeout}.`,
  });
  let decision: ReviewDecision | 'retry' | undefined;
  try {
    await runUninterrupted(() => record(open, outcome, { state: 'FAILED', lastError: why }, until));
    saga.ledger.note('reviewOrder', { state: 'FAILED', lastError: why });
    const pending = await order.commands.next(isDecision, { timeoutMs: deadline - Date.now() });
    decision = pending ? decisionOf(pending.command) : terms.onTimeout;
    await recordDecision(open, decision, pending);
    return decision;
  } finally {
    if (decision === undefined) saga.ledger.note('reviewOrder', { state: 'INTERRUPTED' });
    order.change({ kind: 'unparked', step: 'reviewOrder', isRetried: false });
  }
}

/** What operators do with a parked step means the same here. */
function isDecision(command: OrderCommand): command is Decision {
  return command.name === 'reviewOrder' || (command.name === 'resolveStep' && command.input.step === 'reviewOrder');
}

const decided = { resolve: 'approve', skip: 'reject', retry: 'retry' } as const;

function decisionOf(command: Decision): ReviewDecision | 'retry' {
  return command.name === 'reviewOrder' ? command.input.decision : decided[command.input.action];
}

const stateAfter = { approve: 'DONE', reject: 'REFUSED', retry: 'RUNNING' } as const;

/** Not on the fast path: the decision is in the history before the order goes on or is compensated. */
async function recordDecision(
  { order, saga, key: review }: OpenReview,
  decision: ReviewDecision | 'retry',
  pending: PendingCommand<Decision, CommandResult> | undefined,
): Promise<void> {
  const { actor, reason } = pending?.command.input ?? { actor: SAGA_ACTOR, reason: 'nobody has decided in time' };
  const step = saga.ledger.record('reviewOrder', { state: stateAfter[decision], actor });
  const input = {
    orderId: order.id,
    key: `${review}:decided:${uuid4()}`,
    reviewKey: review,
    decision,
    actor,
    reason,
    step,
  };
  const call = { name: 'recordReviewDecision', input, summary: `${decision} by ${actor}` } as const;
  try {
    await CancellationScope.nonCancellable(() => runRegularActivity(call, untilWritten));
    saga.ledger.note('reviewOrder', { state: stateAfter[decision] });
  } finally {
    pending?.resolve({ status: order.status });
  }
}

async function record(
  { order, saga, key: review }: OpenReview,
  { verdict, reasons }: { readonly verdict: ReviewVerdict; readonly reasons: readonly string[] },
  step: Parameters<CreateOrderSaga['ledger']['record']>[1],
  until?: string,
): Promise<void> {
  const call: ActivityCall<'recordReview'> = {
    name: 'recordReview',
    input: {
      orderId: order.id,
      key: `${review}:${uuid4()}`,
      reviewKey: review,
      verdict,
      reasons,
      until,
      step: saga.ledger.record('reviewOrder', step),
      progress: saga.progress,
    },
    summary: `review: ${verdict}`,
  };
  await runActivity(call, untilWritten);
}
