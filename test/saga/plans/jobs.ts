import type { Attempt, AttemptCall } from './attempts.ts';
import { activityFailure, cancelled } from './failures.ts';
import { fromPayload, open, resolveActivity, toMs, toPayload } from './wire.ts';
import type { Job, WorkflowCommand } from './workflow-runtime.ts';

/** A local activity of the workflow task under way. */
export interface LocalActivity {
  readonly call: AttemptCall;
  readonly timeoutMs: number;
  attempt?: Attempt;
}

/** Commands that end a workflow, and how. */
export const endings: Readonly<Record<string, string>> = {
  completeWorkflowExecution: 'completed',
  cancelWorkflowExecution: 'cancelled',
  failWorkflowExecution: 'failed',
};

/** The job that begins a workflow. */
export function initialize(parts: {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly input: unknown;
}): Job {
  const { workflowType, workflowId, input } = parts;
  const initializeWorkflow = { workflowType, workflowId, arguments: [toPayload(input)], headers: {} };
  return { variant: 'initializeWorkflow', initializeWorkflow };
}

/** The job that brings an update. */
export function updateJob(id: string, name: string, input: readonly unknown[]): Job {
  const doUpdate = { id, protocolInstanceId: id, name, input, headers: {}, runValidator: true };
  return { variant: 'doUpdate', doUpdate };
}

/** What of a job a history has: an update only when it was accepted, and then it is not validated again. */
export function recordable(job: Job, rejected: ReadonlySet<string>): Job[] {
  if (job.variant !== 'doUpdate') return [job];
  const update = job['doUpdate'] as { readonly id: string };
  return rejected.has(update.id) ? [] : [{ variant: 'doUpdate', doUpdate: { ...update, runValidator: false } }];
}

/** The order in which the SDK's core hands jobs over. */
export function rank({ variant }: Job): number {
  if (variant === 'initializeWorkflow') return 0;
  return variant === 'signalWorkflow' || variant === 'doUpdate' ? 1 : 2;
}

/** The local activity that a command asks for. */
export function toLocal(body: Record<string, unknown>): LocalActivity {
  const name = body['activityType'] as string;
  const input = fromPayload((body['arguments'] as unknown[])[0]);
  const timeoutMs = toMs(body['startToCloseTimeout']) ?? Infinity;
  return { call: { name, input, isLocal: true, number: 1 }, timeoutMs };
}

/** The job that tells a workflow that its activity is cancelled. */
export function cancelledJob(seq: number, name: string, isLocal: boolean): Job {
  return resolveActivity(seq, isLocal, { cancelled: { failure: activityFailure(name, String(seq), cancelled()) } });
}

/** The changes of the code that an activation has made use of. */
export function patchesOf(commands: readonly WorkflowCommand[]): string[] {
  return commands.map(open).flatMap(([name, body]) => (name === 'setPatchMarker' ? [String(body['patchId'])] : []));
}

/** The job that tells a workflow in replay that its history has a change of the code. */
export function patchJob(patchId: string): Job {
  return { variant: 'notifyHasPatch', notifyHasPatch: { patchId } };
}
