import { Worker } from '@temporalio/worker';
import type { TemporalConnection } from './connection.ts';
import { leanReplays } from './lean-workflows.ts';
import { findWorkflowCode } from './workflow-code.ts';

/** Which histories are replayed, and with which code. */
export interface ReplayRequest {
  /** A query of workflows, as the Web UI takes it. */
  readonly query: string;
  /** At most so many, the newest first. */
  readonly limit: number;
  /** A bundle of workflow code; today's code when `undefined`. */
  readonly bundle: string | undefined;
}

/** What came of the replay of one run. */
export interface ReplayedHistory {
  readonly workflowId: string;
  readonly runId: string;
  /** Why the code does not go on with it; `undefined` when it does. */
  readonly error: string | undefined;
}

/** Replays the histories of workflows that a query finds, which changes nothing for them, and yields what came of each. Rejects when they can't be read. */
export async function* replayHistories(
  { client, dataConverter }: Pick<TemporalConnection, 'client' | 'dataConverter'>,
  { query, limit, bundle }: ReplayRequest,
): AsyncGenerator<ReplayedHistory, void> {
  leanReplays();
  const code = await findWorkflowCode(bundle, { dataConverter });
  const histories = client.workflow.list({ query }).intoHistories();
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(code, take(histories, limit))) {
    yield { workflowId, runId, error: error && describe(error) };
  }
}

async function* take<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T, void> {
  let left = count;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

/** The first line; what follows is a stack of the SDK. */
function describe({ message }: Error): string {
  return message.split('\n')[0] ?? message;
}
