import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { CREATE_ORDER } from '../../domain/messages.ts';
import { orderWorkflowId } from '../../domain/order.ts';
import { QUIET_PASS, RECONCILE_ORDERS } from '../../domain/reconcile-report.ts';
import { isUuid } from '../../domain/uuid.ts';
import { findOpenOrders } from '../../repositories/reconciliation.ts';
import type { Db } from '../../repositories/schema.ts';
import type { ReconcilerDependencies } from './dependencies.ts';
import type { TemporalConnection } from '../connection.ts';
import { listRuns, type ListedRun } from '../list-runs.ts';

/** The rest is left to the next pass. */
const LIMIT = 200;

/** Passes that came to their end, of which the newest says that the reconciler runs. */
const quietPasses = `WorkflowType = '${RECONCILE_ORDERS}' AND ExecutionStatus = 'Completed'`;

/** Temporal keeps the search attributes of a run that was ended by force, and nothing can change them any more. */
const endedParked = `WorkflowType = '${CREATE_ORDER}' AND NeedsAttention = true AND CloseTime IS NOT NULL`;

/** Removes from Temporal the runs that would only be in the way of whoever looks for orders there. */
export async function removeRuns({ temporal, db }: Pick<ReconcilerDependencies, 'temporal' | 'db'>): Promise<void> {
  await removeQuietPasses(temporal);
  await removeEndedParkedRuns(temporal, db);
}

/** Removes passes of the reconciler that had nothing to do, but the newest, so that the list of workflows is one of orders. */
async function removeQuietPasses(temporal: TemporalConnection): Promise<void> {
  const [, ...others] = await listRuns(temporal.client, quietPasses, LIMIT);
  const quiet = await Promise.all(others.map(async (run) => ((await isQuiet(temporal, run)) ? [run] : [])));
  await remove(temporal, quiet.flat());
}

/**
 * Removes runs of orders that were ended by force while they needed attention, once a newer run has taken the order over or it is
 * final: the list of what needs attention holds nothing that nobody can decide on. How they ended stays in the order's history.
 */
async function removeEndedParkedRuns(temporal: TemporalConnection, db: Db): Promise<void> {
  const ended = await listRuns(temporal.client, endedParked, LIMIT);
  const prefix = orderWorkflowId('');
  const orderIds = ended.map(({ workflowId }) => workflowId.slice(prefix.length)).filter(isUuid);
  const open = new Set((await findOpenOrders(db, orderIds)).map(({ id }) => orderWorkflowId(id)));
  const isOver = async ({ workflowId, runId }: ListedRun) => {
    if (!open.has(workflowId)) return true;
    return (await temporal.client.workflow.getHandle(workflowId).describe()).runId !== runId;
  };
  const over = await Promise.all(ended.map(async (run) => ((await isOver(run)) ? [run] : [])));
  await remove(temporal, over.flat());
}

/** Whether a pass says that it had nothing to do; one that can't be read here stays. */
async function isQuiet({ client }: TemporalConnection, { memo }: ListedRun): Promise<boolean> {
  const read = await decodeMapFromPayloads(client.options.loadedDataConverter, memo).catch(() => undefined);
  return read?.[QUIET_PASS] === true;
}

async function remove({ client }: TemporalConnection, runs: readonly ListedRun[]): Promise<void> {
  for (const { workflowId, runId } of runs) {
    // A background task leaves Temporal to the orders.
    // oxlint-disable-next-line no-await-in-loop
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
    });
  }
}
