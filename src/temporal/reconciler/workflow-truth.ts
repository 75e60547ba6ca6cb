import { WorkflowNotFoundError } from '@temporalio/client';
import type { CommandResult } from '../../domain/messages.ts';
import { orderWorkflowId } from '../../domain/order.ts';
import { orderStatuses, type OrderStatus } from '../../domain/order-status.ts';
import { needsAttentionAttribute, orderStatusAttribute } from '../../domain/search-attributes.ts';
import type { Engine } from '../connection.ts';

/**
 * What the engine knows of an order's workflow. `missing`: it has none. `killed`: ended by force or failure, with nothing taken back.
 * `ended`: came to its end with this status. `busy`: at work, so that nothing can be concluded. `waiting`: at rest in this status.
 */
export type WorkflowTruth =
  | { readonly state: 'missing' }
  | { readonly state: 'killed'; readonly how: string }
  | { readonly state: 'ended'; readonly status: OrderStatus }
  | { readonly state: 'busy' }
  | { readonly state: 'waiting'; readonly status: OrderStatus; readonly needsAttention: boolean };

/** Asks the engine itself, not its visibility store, which lags behind. */
export async function workflowTruth({ client }: Engine, orderId: string): Promise<WorkflowTruth> {
  const handle = client.workflow.getHandle(orderWorkflowId(orderId));
  try {
    const { status, raw, typedSearchAttributes } = await handle.describe();
    if (status.name === 'COMPLETED')
      return { state: 'ended', status: ((await handle.result()) as CommandResult).status };
    // Its workflow was cancelled, and it has cancelled the order.
    if (status.name === 'CANCELLED') return { state: 'ended', status: 'CANCELLED' };
    if (status.name !== 'RUNNING') return { state: 'killed', how: status.name };
    // A task under way may have written to the projection what its attributes don't say yet.
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
