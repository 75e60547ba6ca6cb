import { orderWorkflowId } from '../../domain/order.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { TemporalConnection } from '../connection.ts';

/** Ids of at most `limit` orders whose workflows a query of Temporal's visibility store finds. */
export async function listOrderIds({ client }: TemporalConnection, query: string, limit: number): Promise<string[]> {
  const prefix = orderWorkflowId('');
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 500 })) {
    const id = workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : '';
    // Anyone may start a workflow under any id.
    if (isUuid(id)) ids.add(id);
    if (ids.size >= limit) break;
  }
  return [...ids];
}
