import type { ReviewDecision, ReviewVerdict } from '../domain/order-review.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import { isFinal } from '../domain/order-status.ts';
import type { SagaProgress, StepRecord } from '../domain/saga.ts';
import { describeReview } from '../domain/describe-attention.ts';
import { NEEDS_ATTENTION, ORDER_UPDATED } from '../domain/order-event.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { writeDecideUntil, writeReviewDecision } from '../repositories/order-reviews.ts';
import { findChange, writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What a review came to, but for an approval that nobody needs to know of. */
export interface ReviewRecord {
  readonly orderId: string;
  /** Names the change within its order. */
  readonly key: string;
  /** The key of the review. */
  readonly reviewKey: string;
  readonly verdict: ReviewVerdict;
  readonly reasons: readonly string[];
  /** RFC 3339: until when the order waits for a person; it waits for none unless given. */
  readonly until?: string | undefined;
  readonly step: StepRecord;
  /** How far the saga had come. */
  readonly progress: SagaProgress;
}

/**
 * Writes what a review came to, with its reasons, which only staff are shown; an order that waits for a person needs attention from then
 * on. Repeating it changes nothing.
 */
export async function recordReview(writer: OrderWriter, record: ReviewRecord): Promise<void> {
  const { orderId, key, reviewKey, verdict, reasons, until, step, progress } = record;
  await writeOrder(writer, orderId, async (transaction, writes) => {
    const { status } = await lockOrder(transaction, orderId);
    if (isFinal(status) || (await findChange(transaction, orderId, key))) return;
    const before = progress.steps.filter((one) => one.step !== step.step || one.saga !== step.saga);
    await writes.writeLedger([...before, step]);
    if (until !== undefined) await writeDecideUntil(transaction, reviewKey, new Date(until));
    const { reservationId } = progress;
    await writeChange(transaction, {
      orderId,
      kind: 'REVIEW',
      key,
      step: step.step,
      actor: SAGA_ACTOR,
      reason: [verdict, ...reasons].join(': '),
      isForStaff: true,
      event:
        until === undefined
          ? { type: ORDER_UPDATED, details: { change: 'REVIEW', step: step.step } }
          : { type: NEEDS_ATTENTION, details: { step: step.step, ...describeReview(orderId, until) } },
      set: {
        ...(until !== undefined && { sagaState: 'NEEDS_ATTENTION' }),
        ...(reservationId !== undefined && { reservationId }),
      },
    });
  });
  if (until !== undefined) writer.logger.info({ order_id: orderId, until }, 'order waits for a review');
}

/** What was decided about an order that waited for a person, by whom and why. */
export interface ReviewDecisionRecord {
  readonly orderId: string;
  /** Names the change within its order. */
  readonly key: string;
  /** The key of the review. */
  readonly reviewKey: string;
  /** `retry`: it is reviewed again. */
  readonly decision: ReviewDecision | 'retry';
  readonly actor: string;
  readonly reason: string;
  /** The step as it is after the decision. */
  readonly step: StepRecord;
}

/** Writes what was decided, which only staff are shown; the order needs no attention any more. Repeating it changes nothing. */
export async function recordReviewDecision(writer: OrderWriter, record: ReviewDecisionRecord): Promise<void> {
  const { orderId, key, reviewKey, decision, actor, reason, step } = record;
  await writeOrder(writer, orderId, async (transaction, writes) => {
    const { status } = await lockOrder(transaction, orderId);
    if (isFinal(status) || (await findChange(transaction, orderId, key))) return;
    await writes.writeLedger([step]);
    if (decision !== 'retry') await writeReviewDecision(transaction, reviewKey, { decision, actor, reason });
    await writeChange(transaction, {
      orderId,
      kind: 'REVIEWED',
      key,
      step: step.step,
      actor,
      reason: `${decision}: ${reason}`,
      isForStaff: true,
      event: { type: ORDER_UPDATED, details: { change: 'REVIEWED', step: step.step } },
      set: { sagaState: 'RUNNING' },
    });
  });
}
