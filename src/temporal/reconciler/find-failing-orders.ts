import { ServiceError } from '@temporalio/client';
import { CREATE_ORDER } from '../../domain/messages.ts';
import type { TemporalConnection } from '../connection.ts';
import { listOrderIds } from './list-order-ids.ts';

/** Temporal 1.30 and later say so of a workflow after some failures in a row; earlier ones never do, or don't know the attribute. */
const failing = `WorkflowType = '${CREATE_ORDER}' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL`;

/** The rest is left to the next pass. */
const LIMIT = 1_000;

/** Ids of orders whose workflow tasks fail, as far as Temporal tells; the others are found by comparing one order after the other. */
export async function findFailingOrders(temporal: TemporalConnection): Promise<string[]> {
  try {
    return await listOrderIds(temporal, failing, LIMIT);
  } catch (error) {
    if (error instanceof ServiceError) return [];
    throw error;
  }
}
