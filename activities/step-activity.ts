import { activityInfo } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes, isRefusal } from '../src/domain/failures.ts';
import type { PaymentStatus } from '../src/domain/payment-status.ts';
import { isCompensation, movedMoney, type SagaAction, type SagaProgress } from '../src/domain/saga.ts';
import type { OrderAnnouncer } from '../src/events/order-announcer.ts';
import type { Gateways } from '../src/gateways/index.ts';
import type { Logger } from '../src/logger.ts';
import { countMetric, observeSeconds } from '../src/metrics/record-metrics.ts';
import { recordStepAttempt, type StepAttemptRecord } from '../src/repositories/saga-steps.ts';
import type { Db } from '../src/repositories/schema.ts';
import { CustomerActionRequired } from './customer-action-required.ts';
import { toActivityFailure } from './failures.ts';
import { startHeartbeat } from './heartbeat.ts';

/** What activities work with. */
export interface ActivityDependencies {
  readonly db: Db;
  readonly gateways: Gateways;
  readonly announcer: OrderAnnouncer;
  readonly logger: Logger;
}

/** What a step knows about its attempt. */
export interface Attempt {
  /** Whether an earlier attempt may have had its effect, so that it must be looked for first. */
  readonly mayHaveActed: boolean;
  /** Which attempt this is, the one on the fast path being the first. */
  readonly number: number;
  /** Says in the ledger to whom a message went; the address is masked. */
  readonly noteRecipient: (recipient: string) => void;
}

/** What the saga tells each of its steps. */
export interface InSaga {
  /** How far the saga has come, for the ledger. */
  readonly progress?: SagaProgress;
  /** Whether its workflow was reset, so that its first attempt is not the first one of the order. */
  readonly isRepeated?: boolean;
}

/** What the saga tells a step that its service may answer later. */
export interface Awaitable {
  /** Since when the answer is awaited, RFC 3339; given once the service has said that it answers later. */
  readonly awaitedSince?: string;
}

/** A step or compensation, as its activity is made of it. */
export interface StepDeclaration<Input, Output> {
  readonly run: (input: Input, attempt: Attempt) => Promise<Output>;
  /** What the order says of its payment after an attempt that failed, or succeeded off the fast path; unchanged unless given. */
  readonly paymentStatusAfter?: (failure: ApplicationFailure | undefined) => PaymentStatus | undefined;
  /** Whether no status write follows that would carry its success to the ledger. */
  readonly isLast?: boolean;
}

/**
 * Makes an activity of a step or compensation: failures become typed, every failed attempt shows in the ledger and on the order,
 * and a regular attempt heartbeats, so that a worker's death is noticed in seconds.
 * A success on the fast path costs no statement here: the saga's next status write carries it, unless the step is the last one.
 */
export function stepActivity<Input extends { readonly orderId: string; readonly saga?: string }, Output>(
  step: SagaAction,
  dependencies: ActivityDependencies,
  { run, paymentStatusAfter, isLast = false }: StepDeclaration<Input, Output>,
): (input: Input & InSaga) => Promise<Output> {
  return async (input) => {
    const { isLocal, attempt } = activityInfo();
    const startedAt = new Date();
    let recipient: string | undefined;
    const record = (failure?: ApplicationFailure, action?: StepAttemptRecord['action']) =>
      recordAttempt(dependencies, {
        step,
        startedAt,
        input,
        failure,
        recipient,
        paymentStatus: action && paymentStatusAfter ? 'ACTION_REQUIRED' : paymentStatusAfter?.(failure),
        action,
      });
    const report = (failure?: ApplicationFailure) => {
      reportAttempt(step, Date.now() - startedAt.getTime(), failure);
    };
    const stopHeartbeat = isLocal ? () => {} : startHeartbeat();
    try {
      const noteRecipient = (noted: string) => {
        recipient = noted;
      };
      const mayHaveActed = !isLocal || input.isRepeated === true;
      const output = await run(input, { mayHaveActed, number: isLocal ? 1 : attempt + 1, noteRecipient });
      report();
      if (!isLocal || isLast) await record();
      return output;
    } catch (error) {
      const asksCustomer = error instanceof CustomerActionRequired;
      const failure = asksCustomer ? error.failure : toActivityFailure(error);
      report(failure);
      if (!isRefusal(failure.type)) await record(failure, asksCustomer ? error.action : undefined);
      throw failure;
    } finally {
      stopHeartbeat();
    }
  };
}

/** Counts an attempt by how it ended. */
function reportAttempt(step: SagaAction, durationMs: number, failure: ApplicationFailure | undefined): void {
  const outcome = failure ? outcomeOf(failure) : 'done';
  observeSeconds('saga_step_seconds', { step, outcome }, durationMs / 1_000);
  if (isCompensation(step)) countMetric('saga_compensations_total', { step, outcome });
  if (movedMoney(step) !== 'CHARGE') return;
  // What was captured or declined is counted once it is on record.
  if (failure?.type === failureTypes.unreachable) countMetric('payments_total', { outcome: 'unavailable' });
  if (failure?.type === failureTypes.outcomeUnknown) countMetric('payments_total', { outcome: 'unknown' });
}

function outcomeOf({ type }: ApplicationFailure): 'refused' | 'awaited' | 'failed' {
  if (isRefusal(type)) return 'refused';
  return type === failureTypes.awaitingAnswer ? 'awaited' : 'failed';
}

/** Best effort: the ledger tells people about an attempt, it does not decide what the saga does. */
async function recordAttempt(
  { db, logger, announcer }: ActivityDependencies,
  attempt: {
    readonly step: SagaAction;
    readonly startedAt: Date;
    readonly input: { readonly orderId: string; readonly saga?: string } & InSaga;
    readonly failure: ApplicationFailure | undefined;
    readonly recipient: string | undefined;
    readonly paymentStatus: PaymentStatus | undefined;
    readonly action: StepAttemptRecord['action'];
  },
): Promise<void> {
  const { step, startedAt, input, failure, recipient, paymentStatus, action } = attempt;
  const { orderId, saga, progress } = input;
  try {
    const isOrderChanged = await recordStepAttempt(db, {
      orderId,
      saga,
      step,
      state: failure ? 'RUNNING' : 'DONE',
      error: failure && `${failure.type}: ${failure.message}`,
      recipient,
      sagaState: isCompensation(step) ? 'COMPENSATING' : undefined,
      paymentStatus,
      action,
      startedAt,
      progress: progress && withoutStep(progress, step, saga),
    });
    // Readers wait for changes of the order, not of the ledger; the start limiter needs to hear of failures as well.
    if (isOrderChanged || failure) announcer.announce(orderId);
  } catch (error) {
    logger.warn({ err: error, order_id: orderId, step }, 'attempt not recorded in the ledger');
  }
}

/** One statement writes a step once. */
function withoutStep(progress: SagaProgress, step: SagaAction, saga: string | undefined): SagaProgress {
  return { ...progress, steps: progress.steps.filter((one) => one.step !== step || one.saga !== saga) };
}
