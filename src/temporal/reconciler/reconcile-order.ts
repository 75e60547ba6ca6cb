import { isCancellable, isFinal } from '../../domain/order-status.ts';
import { hasShipped, RECONCILER_ACTOR } from '../../domain/order.ts';
import type { SagaState } from '../../domain/saga.ts';
import { findOrderToResume, repairOrder, type OrderSummary } from '../../repositories/reconciliation.ts';
import { findOpenReturns } from '../../repositories/returns.ts';
import { resumeOrder } from '../resume-order.ts';
import type { ReconcilerDependencies } from './dependencies.ts';
import { readWorkflowState, type WorkflowState } from './read-workflow-state.ts';

/** What was done about an order. */
export type Finding =
  | { readonly outcome: 'in order' }
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'taken up' | 'compensating' | 'repaired'; readonly orderId: string; readonly what: string };

/** Compares an order with its workflow and repairs what differs. Right at any time: what it starts is keyed on the order id. */
export async function reconcileOrder(dependencies: ReconcilerDependencies, order: OrderSummary): Promise<Finding> {
  const truth = await readWorkflowState(dependencies.temporal, order.id);
  switch (truth.state) {
    case 'busy':
      return { outcome: 'busy' };
    case 'missing':
      return isFinal(order.status) ? { outcome: 'in order' } : resume(dependencies, order, 'it has no workflow', false);
    case 'killed':
      return isFinal(order.status) ? { outcome: 'in order' } : resume(dependencies, order, wasEnded(truth.how), true);
    case 'ended':
    case 'waiting':
      return repair(dependencies, order, truth);
    default:
      return truth satisfies never;
  }
}

/**
 * Starts a new run of the order's workflow in the place of the one that is gone. An order whose workflow was ended by force is
 * cancelled, while it can be; one that has been shipped goes on to its end.
 */
async function resume(
  { db, temporal, config }: ReconcilerDependencies,
  { id, status }: OrderSummary,
  what: string,
  wasKilled: boolean,
): Promise<Finding> {
  const found = await findOrderToResume(db, id);
  if (!found || found.order.status !== status) return { outcome: 'busy' };
  const { order, amendment } = found;
  // Placed again in the middle of an amendment, it would be charged for other goods than it holds.
  const isTorn = status === 'PENDING' && amendment !== undefined;
  const isCancelled = (wasKilled || isTorn) && isCancellable(status) && !hasShipped(order);
  const cancel = isCancelled ? { actor: RECONCILER_ACTOR, reason: what } : undefined;
  await resumeOrder(temporal, config, found, { after: 'failed', cancel });
  return { outcome: isCancelled ? 'compensating' : 'taken up', orderId: id, what };
}

async function repair(
  { db, temporal }: ReconcilerDependencies,
  seen: OrderSummary,
  truth: Extract<WorkflowState, { state: 'ended' | 'waiting' }>,
): Promise<Finding> {
  const sagaState = sagaStateOf(seen, truth);
  if (seen.status === truth.status && seen.sagaState === sagaState) return { outcome: 'in order' };
  // A return is on record before its saga learns of it.
  if ((await findOpenReturns(db, seen.id)).length > 0) return { outcome: 'busy' };
  // Compared once more: the write and the workflow's coming to rest may have happened between the two reads.
  const again = await readWorkflowState(temporal, seen.id);
  if (JSON.stringify(again) !== JSON.stringify(truth)) return { outcome: 'busy' };
  const what = `the projection said ${seen.status} ${seen.sagaState}, the workflow ${truth.status} ${sagaState}`;
  const repaired = await repairOrder(db, seen, { status: truth.status, sagaState, reason: what });
  return repaired ? { outcome: 'repaired', orderId: seen.id, what } : { outcome: 'busy' };
}

function wasEnded(how: string): string {
  return `its workflow was ${how.toLowerCase().replaceAll('_', ' ')}`;
}

function sagaStateOf(seen: OrderSummary, truth: Extract<WorkflowState, { state: 'ended' | 'waiting' }>): SagaState {
  if (truth.state === 'waiting' && truth.needsAttention) return 'NEEDS_ATTENTION';
  if (truth.status === 'CANCELLED') return 'COMPENSATED';
  if (truth.status === 'PENDING' || truth.status === 'PAYMENT_FAILED') return 'RUNNING';
  // An order at rest has no saga under way; which one was its last, the projection knows better.
  return seen.sagaState === 'COMPENSATED' && truth.status === seen.status ? 'COMPENSATED' : 'COMPLETED';
}
