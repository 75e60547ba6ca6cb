import { ActivityFailure, uuid4, type ActivityOptions } from '@temporalio/workflow';
import type { ResolveStepCommand } from '../src/domain/messages.ts';
import { SAGA_ACTOR } from '../src/domain/order.ts';
import type { StepState } from '../src/domain/saga.ts';
import { NOTIFY_PATIENCE_MS, retriedFor, untilWritten } from './activity-options.ts';
import type { OrderRun } from './order-run.ts';
import { runRegularActivity, type ActivityCall } from './run-activity.ts';
import { runStep } from './run-step.ts';

/**
 * Notifies the customer that the order is confirmed. Best effort: a failure never hurts the order. It is recorded, and found with
 * the other troubles until somebody has dealt with it.
 */
export async function notifyCustomer(order: OrderRun): Promise<void> {
  order.change({ kind: 'notificationStarted' });
  try {
    await runStep(order, notification(order), untilOldNews(order), order.headStart.take('notifyCustomer'));
  } catch (error) {
    const reason = problemIn(error);
    await record(order, { kind: 'NOTIFICATION', state: 'FAILED', lastError: reason, actor: SAGA_ACTOR, reason });
  } finally {
    order.change({ kind: 'notificationEnded' });
  }
}

/** Does what an operator decided about a notification that failed: sends it again, or lets it be. */
export async function resolveNotification(
  order: OrderRun,
  { action, actor, reason }: ResolveStepCommand,
): Promise<void> {
  if (action !== 'retry') {
    const decided = action === 'skip' ? 'SKIPPED' : 'RESOLVED';
    await record(order, { kind: decided, state: decided, actor, reason });
    return;
  }
  order.change({ kind: 'leftFastPath', step: 'notifyCustomer' });
  try {
    await runRegularActivity(notification(order), untilOldNews(order));
    await record(order, { kind: 'RETRIED', state: 'DONE', actor, reason });
  } catch (error) {
    await record(order, { kind: 'RETRIED', state: 'FAILED', lastError: problemIn(error), actor, reason });
  } finally {
    order.change({ kind: 'slowStepEnded', step: 'notifyCustomer' });
  }
}

/** What the customer is told of the confirmation. */
export function notification({ input: { orderId, customerId } }: OrderRun): ActivityCall<'notifyCustomer'> {
  const type = 'ORDER_CONFIRMED';
  const input = { orderId, customerId, type, idempotencyKey: `${orderId}:notify:${type}` } as const;
  return { name: 'notifyCustomer', input, summary: `notify ${type}` };
}

/** No longer than any other step. */
function untilOldNews({ input: { stepPatienceMs } }: OrderRun): ActivityOptions {
  return retriedFor(Math.min(NOTIFY_PATIENCE_MS, stepPatienceMs));
}

type Kind = ActivityCall<'recordNotification'>['input']['kind'];

interface NotificationOutcome {
  readonly kind: Kind;
  readonly state: Extract<StepState, 'DONE' | 'FAILED' | 'SKIPPED' | 'RESOLVED'>;
  readonly lastError?: string;
  readonly actor: string;
  readonly reason: string;
}

/** Says nothing of where the saga stands: the order may be being cancelled by now. */
async function record(order: OrderRun, { kind, state, lastError, actor, reason }: NotificationOutcome): Promise<void> {
  const isFailed = state === 'FAILED';
  const step = {
    step: 'notifyCustomer',
    state,
    attempts: 1,
    ...(lastError !== undefined && { lastError }),
    ...(actor !== SAGA_ACTOR && { actor }),
  } as const;
  const input = { orderId: order.id, key: `notification:${uuid4()}`, kind, step, isFailed, actor, reason };
  // Not on the fast path: the command that led to it is in the history then.
  await runRegularActivity({ name: 'recordNotification', input, summary: `notification ${state}` }, untilWritten);
  order.change({ kind: 'notificationSettled', isFailed });
}

/** What went wrong with a notification; a defect is thrown on. */
function problemIn(error: unknown): string {
  if (!(error instanceof ActivityFailure)) throw error;
  return error.cause?.message ?? error.message;
}
