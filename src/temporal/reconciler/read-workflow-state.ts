import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import type { CommandResult } from '../../domain/messages.ts';
import { orderWorkflowId } from '../../domain/order.ts';
import { orderStatuses, type OrderStatus } from '../../domain/order-status.ts';
import { needsAttentionAttribute, orderStatusAttribute } from '../../domain/search-attributes.ts';
import type { TemporalConnection } from '../connection.ts';
import { countFailedAttempts, findTaskFailure } from '../failing-tasks.ts';

/**
 * Where an order's workflow stands. `missing`: there is none. `killed`: ended by force or failure, without compensation.
 * `ended`: came to its own end with this status. `failing`: its workflow tasks fail again and again.
 * `busy`: has work to do, so that nothing can be concluded. `retrying`: waits for activities and nothing else, in this status.
 * `waiting`: has nothing to do, in this status.
 */
export type WorkflowState =
  | { readonly state: 'missing' }
  | { readonly state: 'killed'; readonly how: string }
  | { readonly state: 'ended'; readonly status: OrderStatus }
  | { readonly state: 'failing'; readonly attempts: number; readonly why: string }
  | { readonly state: 'busy' }
  | { readonly state: 'retrying'; readonly status: OrderStatus; readonly needsAttention: boolean }
  | { readonly state: 'waiting'; readonly status: OrderStatus; readonly needsAttention: boolean };

/** Reads it from the workflow itself, not from the visibility store, which lags behind. */
export async function readWorkflowState({ client }: TemporalConnection, orderId: string): Promise<WorkflowState> {
  const workflowId = orderWorkflowId(orderId);
  const handle = client.workflow.getHandle(workflowId);
  try {
    const described = await handle.describe();
    const { status } = described;
    if (status.name === 'COMPLETED')
      return { state: 'ended', status: ((await handle.result()) as CommandResult).status };
    // A workflow that is cancelled has cancelled its order.
    if (status.name === 'CANCELLED') return { state: 'ended', status: 'CANCELLED' };
    if (status.name !== 'RUNNING') return { state: 'killed', how: status.name };
    const attempts = countFailedAttempts(described);
    if (attempts === undefined) return readRunning(described);
    return { state: 'failing', attempts, why: await findTaskFailure(client, workflowId) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'missing' };
    throw error;
  }
}

function readRunning({ raw, typedSearchAttributes }: WorkflowExecutionDescription): WorkflowState {
  // A task in progress may have written a status that the search attributes don't show yet.
  if (raw.pendingWorkflowTask) return { state: 'busy' };
  const shown = typedSearchAttributes.get(orderStatusAttribute);
  const status = orderStatuses.find((known) => known === shown);
  if (!status) return { state: 'busy' };
  const needsAttention = typedSearchAttributes.get(needsAttentionAttribute) === true;
  const pending = raw.pendingActivities ?? [];
  // An operator's decision is being written.
  if (pending.some(({ activityType }) => activityType?.name === 'recordSagaState')) return { state: 'busy' };
  return { state: pending.length > 0 ? 'retrying' : 'waiting', status, needsAttention };
}
