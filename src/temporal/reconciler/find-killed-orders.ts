import { CREATE_ORDER } from '../../domain/messages.ts';
import type { TemporalConnection } from '../connection.ts';
import { listOrderIds } from './list-order-ids.ts';

const killed = `WorkflowType = '${CREATE_ORDER}' AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed')`;

/** The rest is left to the next pass. */
const LIMIT = 10_000;

/** Ids of orders whose workflow was once ended by force; they may have been resumed since. */
export function findKilledOrders(temporal: TemporalConnection): Promise<string[]> {
  return listOrderIds(temporal, killed, LIMIT);
}
