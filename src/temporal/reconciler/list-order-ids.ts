import { orderWorkflowId } from '../../domain/order.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { TemporalConnection } from '../connection.ts';
import { listRuns } from '../list-runs.ts';

/** Ids of the orders among at most `limit` runs that a query of Temporal's visibility store finds. */
export async function listOrderIds({ client }: TemporalConnection, query: string, limit: number): Promise<string[]> {
  const prefix = orderWorkflowId('');
  const runs = await listRuns(client, query, limit);
  const ids = runs.map(({ workflowId }) => (workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : ''));
  // Anyone may start a workflow under any id.
  return [...new Set(ids.filter(isUuid))];
}
