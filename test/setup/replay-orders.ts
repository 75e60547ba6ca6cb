import { temporal as api } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { orderWorkflowId } from '../../src/domain/order.ts';
import type { TemporalConnection } from '../../src/temporal/connection.ts';
import { leanReplays } from '../../src/temporal/lean-workflows.ts';
import { findWorkflowCode } from '../../src/temporal/workflow-code.ts';

leanReplays();

type History = api.api.history.v1.IHistory;

/** A run of an order's workflow, the latest unless `runId` says. */
interface OrderRun {
  readonly orderId: string;
  readonly runId?: string | undefined;
}

/**
 * Replays these runs, one after another in one worker, since making one costs more than most replays; runs of orders that have no workflow
 * are left out. Rejects at the first of which the workflow code of today would not do what it did.
 */
export async function replayOrders(temporal: TemporalConnection, runs: readonly OrderRun[]): Promise<void> {
  let latest: History | undefined;
  async function* histories() {
    for (const { orderId, runId } of runs) {
      const workflowId = orderWorkflowId(orderId);
      const handle = temporal.client.workflow.getHandle(workflowId, runId);
      const history = await handle.fetchHistory().catch(() => undefined);
      if (!history) continue;
      latest = history;
      yield { workflowId, history };
    }
  }
  const code = await findWorkflowCode(inject('workflowBundle'), temporal);
  for await (const { workflowId, error } of Worker.runReplayHistories({ ...code, replayName: 'orders' }, histories())) {
    if (error) throw explain(workflowId, latest, error);
  }
}

/** The history is gone with the server: which events it had is all that tells how it came about. */
function explain(workflowId: string, history: History | undefined, cause: Error): Error {
  const events =
    history?.events?.map(
      ({ eventId, eventType }) => `${String(eventId)} ${api.api.enums.v1.EventType[eventType ?? 0]}`,
    ) ?? [];
  return new Error(`${workflowId} does not replay; its events: ${events.join(', ')}`, { cause });
}
