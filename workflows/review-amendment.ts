import { ApplicationFailure, CancellationScope, isCancellation, uuid4 } from '@temporalio/workflow';
import { amendmentReviewKey, type ReviewOutcome } from '../src/domain/order-review.ts';
import { untilWritten } from './activity-options.ts';
import type { Amendment } from './amendment.ts';
import { describeFailure } from './park-step.ts';
import { rejection } from './review-order.ts';
import { runActivity, type ActivityCall } from './run-activity.ts';

/**
 * Has an amendment reviewed that takes more than the terms let through, before the difference is charged. Nobody waits for a person here:
 * what is not approved leaves the order as it was, and ORDER_REJECTED is thrown.
 */
export async function reviewAmendment(amendment: Amendment): Promise<void> {
  const { order, saga, plan } = amendment;
  const { review: terms } = order.input;
  const limitMinor = terms?.maxAmendmentMinor;
  if (!terms || limitMinor === undefined || plan.differenceMinor <= limitMinor) return;
  const outcome = await ask(amendment, terms.patienceMs, terms.onFailure === 'approve');
  if (outcome.verdict === 'approve') return;
  const state = 'REFUSED';
  await CancellationScope.nonCancellable(() => runActivity(recordOf(amendment, outcome), untilWritten));
  saga.ledger.note('reviewAmendment', { state });
  throw rejection();
}

async function ask(amendment: Amendment, patienceMs: number, isFailOpen: boolean): Promise<ReviewOutcome> {
  const { order, saga, plan, name } = amendment;
  const input = {
    orderId: order.id,
    saga: name,
    key: amendmentReviewKey(order.id, plan.number),
    occasion: 'amended' as const,
    paymentMethod: order.state.paymentMethod,
    totalMinor: plan.totalMinor,
  };
  const summary = `review ${order.money(plan.differenceMinor)} more`;
  try {
    return await saga.attempt({ name: 'reviewAmendment', input, summary }, patienceMs);
  } catch (error) {
    if (error instanceof ApplicationFailure || isCancellation(error)) throw error;
    return { verdict: isFailOpen ? 'approve' : 'reject', reasons: [`the review failed: ${describeFailure(error)}`] };
  }
}

function recordOf(amendment: Amendment, { verdict, reasons }: ReviewOutcome): ActivityCall<'recordReview'> {
  const { order, saga, plan } = amendment;
  const reviewKey = amendmentReviewKey(order.id, plan.number);
  const step = saga.ledger.record('reviewAmendment', { state: 'REFUSED' });
  const input = {
    orderId: order.id,
    key: `${reviewKey}:${uuid4()}`,
    reviewKey,
    verdict,
    reasons,
    step,
    progress: saga.progress,
  };
  return { name: 'recordReview', input, summary: `review of the amendment: ${verdict}` };
}
