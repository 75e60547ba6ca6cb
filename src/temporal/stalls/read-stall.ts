import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { orderWorkflowId } from '../../domain/order.ts';
import { needsAttentionAttribute, sagaStepAttribute } from '../../domain/search-attributes.ts';
import { isSagaAction, type SagaAction } from '../../domain/saga.ts';
import type { Stall } from '../../domain/waiting-order.ts';
import { tellsOfMissingKey } from '../../key-ring.ts';
import { countFailedAttempts, findTaskFailure } from '../failing-tasks.ts';
import { readFailure } from '../read-failure.ts';

/** A worker that is there takes a task within milliseconds, and one that died is replaced in two or three seconds. */
const UNTAKEN_MS = 4_000;

/** A worker that dies or is replaced costs one or two attempts at a workflow task. */
const FAILING_ATTEMPTS = 3;

/** Two attempts may fail while a service restarts. */
const RETRIED_ATTEMPTS = 3;

/** Longest text of a failure that is kept. */
const MAX_REASON = 300;

/** What an order's workflow waits for, as Temporal describes it; `undefined` when nothing is wrong. */
export async function readStall(client: Client, orderId: string): Promise<Stall | undefined> {
  try {
    const described = await client.workflow.getHandle(orderWorkflowId(orderId)).describe();
    const isOpen = described.status.name === 'RUNNING' || described.status.name === 'PAUSED';
    if (!isOpen) return undefined;
    return (
      (await findPaused(client, orderId, described)) ??
      (await findFailingTask(client, orderId, described)) ??
      (await findUnread(client, orderId, described)) ??
      findUntaken(orderId, described) ??
      (await findRetried(client, orderId, described)) ??
      findParked(orderId, described)
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Somebody paused the whole workflow or one of its activities. */
async function findPaused(
  client: Client,
  orderId: string,
  { raw, status }: WorkflowExecutionDescription,
): Promise<Stall | undefined> {
  const paused = raw.pendingActivities?.find((activity) => activity.paused === true);
  if (!paused && status.name !== 'PAUSED') return undefined;
  const { manual, rule, pauseTime } = paused?.pauseInfo ?? {};
  const who = manual?.identity || rule?.identity;
  const why = manual?.reason || rule?.reason;
  const said = `paused${who ? ` by ${who}` : ''}${why ? `: ${why}` : ''}`;
  const failure = await readFailure(client, paused?.lastFailure);
  return stallOf(orderId, 'PAUSED', {
    step: paused && stepOf(paused),
    since: toDate(pauseTime) ?? new Date(),
    attempts: paused?.attempt,
    lastError: failure === undefined ? said : `${said}; ${failure}`,
  });
}

async function findFailingTask(
  client: Client,
  orderId: string,
  described: WorkflowExecutionDescription,
): Promise<Stall | undefined> {
  const attempts = countFailedAttempts(described, FAILING_ATTEMPTS);
  if (attempts === undefined) return undefined;
  const lastError = await findTaskFailure(client, orderWorkflowId(orderId));
  return stallOf(orderId, tellsOfMissingKey(lastError) ? 'KEY_MISSING' : 'TASK_FAILING', {
    since: toDate(described.raw.pendingWorkflowTask?.originalScheduledTime) ?? new Date(),
    attempts,
    lastError,
  });
}

/** An activity whose input no worker can decrypt: it is tried again without having begun, so that the ledger says nothing of it. */
async function findUnread(
  client: Client,
  orderId: string,
  { raw }: WorkflowExecutionDescription,
): Promise<Stall | undefined> {
  const failures = (raw.pendingActivities ?? []).map(async (activity) => {
    const lastError = await readFailure(client, activity.lastFailure);
    return { activity, lastError };
  });
  const unread = (await Promise.all(failures)).find(({ lastError = '' }) => tellsOfMissingKey(lastError));
  if (unread?.lastError === undefined) return undefined;
  const { activity, lastError } = unread;
  return stallOf(orderId, 'KEY_MISSING', {
    step: stepOf(activity),
    since: toDate(activity.scheduledTime) ?? new Date(),
    attempts: activity.attempt,
    lastError,
  });
}

/** A workflow task or an activity that is due and not taken by any worker. */
function findUntaken(orderId: string, { raw }: WorkflowExecutionDescription): Stall | undefined {
  const due = [
    ...(raw.pendingWorkflowTask && !raw.pendingWorkflowTask.startedTime
      ? [{ at: toDate(raw.pendingWorkflowTask.scheduledTime), step: undefined }]
      : []),
    ...(raw.pendingActivities ?? [])
      .filter(({ state }) => Number(state) === SCHEDULED)
      .map((activity) => ({ at: dueAt(activity), step: stepOf(activity) })),
  ];
  const untaken = due.find(({ at }) => at !== undefined && at.getTime() < Date.now() - UNTAKEN_MS);
  if (!untaken?.at) return undefined;
  return stallOf(orderId, 'NO_WORKER', { step: untaken.step, since: untaken.at, lastError: 'no worker takes it' });
}

/** As `temporal.api.enums.v1.PendingActivityState` has it. */
const SCHEDULED = 1;

/** When the next attempt may begin. */
function dueAt({ nextAttemptScheduleTime, scheduledTime, lastAttemptCompleteTime }: Pending): Date | undefined {
  return toDate(nextAttemptScheduleTime) ?? (lastAttemptCompleteTime ? undefined : toDate(scheduledTime));
}

/** An activity that is tried again and again, of which the ledger says nothing: because it is no step, or because its attempts end before they are written there. */
async function findRetried(
  client: Client,
  orderId: string,
  { raw }: WorkflowExecutionDescription,
): Promise<Stall | undefined> {
  const failing = raw.pendingActivities?.find(({ attempt }) => (attempt ?? 0) >= RETRIED_ATTEMPTS);
  if (!failing) return undefined;
  const failure = await readFailure(client, failing.lastFailure);
  return stallOf(orderId, 'RETRYING', {
    step: stepOf(failing),
    since: toDate(failing.scheduledTime) ?? new Date(),
    attempts: failing.attempt,
    lastError: `${failing.activityType?.name ?? 'an activity'}: ${failure ?? 'not done in time'}`,
  });
}

/**
 * The workflow waits for an operator. Its row usually says so, and is then what counts; an attempt that counted as failed and has
 * succeeded after all has moved the row on, but not the workflow.
 */
function findParked(orderId: string, { typedSearchAttributes }: WorkflowExecutionDescription): Stall | undefined {
  if (typedSearchAttributes.get(needsAttentionAttribute) !== true) return undefined;
  const step = typedSearchAttributes.get(sagaStepAttribute);
  return stallOf(orderId, 'NEEDS_ATTENTION', {
    step: step !== undefined && isSagaAction(step) ? step : undefined,
    since: new Date(),
    lastError: 'the workflow waits for a decision on this step, though the step has been done: retry it',
  });
}

interface Seen {
  readonly step?: SagaAction | undefined;
  readonly since: Date;
  readonly attempts?: number | null | undefined;
  readonly lastError: string;
}

function stallOf(orderId: string, cause: Stall['cause'], { step, since, attempts, lastError }: Seen): Stall {
  const text = lastError.slice(0, MAX_REASON);
  return { orderId, cause, step: step ?? null, since, attempts: attempts ?? 0, lastError: text };
}

function stepOf({ activityType }: Pending): SagaAction | undefined {
  const name = activityType?.name ?? '';
  return isSagaAction(name) ? name : undefined;
}

type Timestamp = Pending['scheduledTime'];

function toDate(time: Timestamp): Date | undefined {
  const ms = Number(time?.seconds ?? 0) * 1_000 + Math.trunc((time?.nanos ?? 0) / 1e6);
  return ms > 0 ? new Date(ms) : undefined;
}
