import { WorkflowNotFoundError } from '@temporalio/client';
import type { CommandResult } from '../../domain/messages.ts';
import { orderWorkflowId } from '../../domain/order.ts';
import { orderStatuses, type OrderStatus } from '../../domain/order-status.ts';
import { needsAttentionAttribute, orderStatusAttribute } from '../../domain/search-attributes.ts';
import type { TemporalConnection } from '../connection.ts';

/**
 * Where an order's workflow stands. `missing`: there is none. `killed`: ended by force or failure, without compensation.
 * `ended`: came to its own end with this status. `busy`: has work to do, so that nothing can be concluded.
 * `waiting`: has nothing to do, in this status.
 */
export type WorkflowState =
  | { readonly state: 'missing' }
  | { readonly state: 'killed'; readonly how: string }
  | { readonly state: 'ended'; readonly status: OrderStatus }
  | { readonly state: 'busy' }
  | { readonly state: 'waiting'; readonly status: OrderStatus; readonly needsAttention: boolean };

/** Reads it from the workflow itself, not from the visibility store, which lags behind. */
export async function readWorkflowState({ client }: TemporalConnection, orderId: string): Promise<WorkflowState> {
  const handle = client.workflow.getHandle(orderWorkflowId(orderId));
  try {
    const { status, raw, typedSearchAttributes } = await handle.describe();
    if (status.name === 'COMPLETED')
      return { state: 'ended', status: ((await handle.result()) as CommandResult).status };
    // A workflow that is cancelled has cancelled its order.
    if (status.name === 'CANCELLED') return { state: 'ended', status: 'CANCELLED' };
    if (status.name !== 'RUNNING') return { state: 'killed', how: status.name };
    // A task in progress may have written a status that the search attributes don't show yet.
    if (raw.pendingWorkflowTask || (raw.pendingActivities ?? []).length > 0) return { state: 'busy' };
    const shown = typedSearchAttributes.get(orderStatusAttribute);
    const orderStatus = orderStatuses.find((known) => known === shown);
    if (!orderStatus) return { state: 'busy' };
    const needsAttention = typedSearchAttributes.get(needsAttentionAttribute) === true;
    return { state: 'waiting', status: orderStatus, needsAttention };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'missing' };
    throw error;
  }
}
