import { activityInfo } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes, isRefusal } from '../src/domain/failures.ts';
import type { PaymentStatus } from '../src/domain/payment-status.ts';
import { isUndo, sagaSteps, type SagaAction } from '../src/domain/saga.ts';
import type { Gateways } from '../src/gateways/index.ts';
import type { Logger } from '../src/logger.ts';
import type { OrderAnnouncer } from '../src/events/order-announcer.ts';
import { recordStepAttempt } from '../src/repositories/saga-steps.ts';
import type { Db } from '../src/repositories/schema.ts';
import { toActivityFailure } from './failures.ts';
import { refuseOnceGoodsLeft } from './goods-left.ts';
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
}

/**
 * Makes an activity of a step or undo: failures become typed, every failed attempt shows in the ledger and on the order,
 * and a regular attempt heartbeats, so that a worker's death is noticed in seconds.
 * A success on the fast path costs no statement here: the saga's next status write carries it, unless the step is the last one.
 */
export function stepActivity<Input extends { readonly orderId: string; readonly saga?: string }, Output>(
  step: SagaAction,
  dependencies: ActivityDependencies,
  run: (input: Input, attempt: Attempt) => Promise<Output>,
  { isLast = false } = {},
): (input: Input) => Promise<Output> {
  return async (input) => {
    const { isLocal, attempt } = activityInfo();
    const stopHeartbeat = isLocal ? () => {} : startHeartbeat();
    try {
      if (takesOrderBack(step)) await refuseOnceGoodsLeft(dependencies.db, input.orderId);
      const output = await run(input, { mayHaveActed: !isLocal, number: isLocal ? 1 : attempt + 1 });
      if (!isLocal || isLast) await record(dependencies, step, input);
      return output;
    } catch (error) {
      const failure = toActivityFailure(error);
      if (!isRefusal(failure.type)) await record(dependencies, step, input, failure);
      throw failure;
    } finally {
      stopHeartbeat();
    }
  };
}

/** Best effort: the ledger tells people about an attempt, it does not decide what the saga does. */
async function record(
  { db, logger, announcer }: ActivityDependencies,
  step: SagaAction,
  { orderId, saga }: { readonly orderId: string; readonly saga?: string },
  failure?: ApplicationFailure,
): Promise<void> {
  try {
    await recordStepAttempt(db, {
      orderId,
      saga,
      step,
      state: failure ? 'RUNNING' : 'DONE',
      error: failure && `${failure.type}: ${failure.message}`,
      sagaState: isUndo(step) ? 'COMPENSATING' : undefined,
      paymentStatus: paymentStatusAfter(step, failure),
    });
    announcer.announce(orderId);
  } catch (error) {
    logger.warn({ err: error, order_id: orderId, step }, 'attempt not recorded in the ledger');
  }
}

/** Whether it belongs to giving up the whole order, which is out of the question once goods have left. */
function takesOrderBack(step: SagaAction): boolean {
  return Object.values(sagaSteps).some((undo) => undo === step);
}

function paymentStatusAfter(step: SagaAction, failure: ApplicationFailure | undefined): PaymentStatus | undefined {
  if (step === 'refundPaymentIfCharged' || step === 'refundReturn') return failure && 'REFUNDING';
  if (step !== 'chargePayment') return undefined;
  if (!failure) return 'CAPTURED';
  return failure.type === failureTypes.unreachable ? 'QUEUED' : 'UNKNOWN';
}
