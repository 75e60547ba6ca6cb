import { CREATE_ORDER } from '../../domain/messages.ts';
import { orderWorkflowId } from '../../domain/order.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { TemporalConnection } from '../connection.ts';

const killed = `WorkflowType = '${CREATE_ORDER}' AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed')`;

/** The rest is left to the next pass. */
const LIMIT = 10_000;

/** Ids of orders whose workflow was once ended by force; they may have been resumed since. */
export async function findKilledOrders({ client }: TemporalConnection): Promise<string[]> {
  const prefix = orderWorkflowId('');
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query: killed, pageSize: 500 })) {
    const id = workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : '';
    // Anyone may start a workflow under any id.
    if (isUuid(id)) ids.add(id);
    if (ids.size >= LIMIT) break;
  }
  return [...ids];
}
