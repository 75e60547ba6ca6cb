import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { readFailure } from './read-failure.ts';

/** Attempts at one workflow task after which its workflow counts as stuck: a worker that dies or is replaced costs one or two, five take 12 s. */
const FAILING_ATTEMPTS = 5;

/** Events of a history's end among which the failure is: attempts after the first leave none. */
const LAST_EVENTS = 20;

/** Longest text of a failure that is kept. */
const MAX_REASON = 300;

/** How often the workflow's task has been tried, once that is at least `least` times; `undefined` while nothing is wrong with it. */
export function countFailedAttempts(
  { raw }: WorkflowExecutionDescription,
  least = FAILING_ATTEMPTS,
): number | undefined {
  const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
  return attempt >= least ? attempt : undefined;
}

/** Why the tasks of a workflow fail, as the worker says. */
export async function findTaskFailure(client: Client, workflowId: string): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: LAST_EVENTS,
  });
  const failed = history?.events?.find(({ workflowTaskFailedEventAttributes: failure }) => failure);
  const failure = failed?.workflowTaskFailedEventAttributes?.failure;
  // It may be encrypted with the very key that is missing here.
  const message = await readFailure(client, failure);
  return message === undefined
    ? 'no worker completes them in time: add workers, or raise WORKFLOW_TASK_TIMEOUT'
    : message.slice(0, MAX_REASON);
}
