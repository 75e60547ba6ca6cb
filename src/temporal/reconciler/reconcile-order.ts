import { describeUnknownDecision } from '../../domain/describe-attention.ts';
import { canReach, isCancellable, isFinal } from '../../domain/order-status.ts';
import { hasShipped, orderWorkflowId, RECONCILER_ACTOR } from '../../domain/order.ts';
import type { SagaState } from '../../domain/saga.ts';
import { countMetric } from '../../metrics/record-metrics.ts';
import { findOpenRefunds } from '../../repositories/amount-refunds.ts';
import { findOrderToResume, repairOrder, type OrderSummary } from '../../repositories/reconciliation.ts';
import { findOpenReturns } from '../../repositories/returns.ts';
import { resumeOrder } from '../resume-order.ts';
import type { ReconcilerDependencies } from './dependencies.ts';
import { readEnding, type Ending } from './read-ending.ts';
import { recordResumption } from './record-resumption.ts';
import { readWorkflowState, type WorkflowState } from './read-workflow-state.ts';

/** What was done about an order. */
export type Finding =
  | { readonly outcome: 'in order' }
  | { readonly outcome: 'busy' }
  | {
      readonly outcome: 'taken up' | 'compensating' | 'repaired' | 'needs attention';
      readonly orderId: string;
      readonly what: string;
    };

/** Compares an order with its workflow and repairs what differs. Right at any time: what it starts is keyed on the order id. */
export async function reconcileOrder(dependencies: ReconcilerDependencies, order: OrderSummary): Promise<Finding> {
  const truth = await readWorkflowState(dependencies.temporal, order.id);
  switch (truth.state) {
    case 'failing':
      return markFailing(dependencies, order, truth);
    case 'busy':
      return { outcome: 'busy' };
    case 'retrying':
      return unmark(dependencies, order, truth);
    case 'missing':
      return isFinal(order.status) ? { outcome: 'in order' } : resume(dependencies, order, undefined);
    case 'killed':
      return isFinal(order.status) ? { outcome: 'in order' } : resumeKilled(dependencies, order, truth.how);
    case 'ended':
    case 'waiting':
      return repair(dependencies, order, truth);
    default:
      return truth satisfies never;
  }
}

async function resumeKilled(dependencies: ReconcilerDependencies, order: OrderSummary, how: string): Promise<Finding> {
  return resume(dependencies, order, await readEnding(dependencies.temporal, order.id, how));
}

/**
 * Starts a new run of the order's workflow in the place of the one that is gone. An order whose workflow was ended by force is
 * cancelled, while it can be, for the reason of a cancellation that was under way; one that has been shipped goes on to its end.
 */
async function resume(
  { db, temporal, config }: ReconcilerDependencies,
  { id, status }: OrderSummary,
  ending: Ending | undefined,
): Promise<Finding> {
  const found = await findOrderToResume(db, id);
  if (!found || found.order.status !== status) return { outcome: 'busy' };
  const { order, amendment } = found;
  const what = ending ? wasEnded(ending) : 'it has no workflow';
  // Placed again in the middle of an amendment, it would be charged for other goods than it holds.
  const isTorn = status === 'PENDING' && amendment !== undefined;
  const isCancelled = (ending !== undefined || isTorn) && isCancellable(status) && !hasShipped(order);
  const cancel = isCancelled ? (ending?.cancel ?? { actor: RECONCILER_ACTOR, reason: what }) : undefined;
  await recordResumption(db, id, { ending, what });
  await resumeOrder(temporal, config, found, { after: 'failed', cancel });
  return { outcome: isCancelled ? 'compensating' : 'taken up', orderId: id, what };
}

type Settled = Extract<WorkflowState, { state: 'ended' | 'waiting' }>;

async function repair(dependencies: ReconcilerDependencies, seen: OrderSummary, truth: Settled): Promise<Finding> {
  const { db, temporal } = dependencies;
  const sagaState = sagaStateOf(seen, truth);
  if (seen.status === truth.status && seen.sagaState === sagaState) return { outcome: 'in order' };
  // A return or refund is on record before its saga learns of it.
  if ((await findOpenReturns(db, seen.id)).length > 0) return { outcome: 'busy' };
  if ((await findOpenRefunds(db, seen.id)).length > 0) return { outcome: 'busy' };
  // Compared once more: the write and the workflow's coming to rest may have happened between the two reads.
  const again = await readWorkflowState(temporal, seen.id);
  if (JSON.stringify(again) !== JSON.stringify(truth)) return { outcome: 'busy' };
  if (isAheadOfParked(seen, truth)) return { outcome: 'busy' };
  if (seen.status !== truth.status && !canReach(seen.status, truth.status)) return mark(dependencies, seen, truth);
  const what = `the projection said ${seen.status} ${seen.sagaState}, the workflow ${truth.status} ${sagaState}`;
  const isStuck = sagaState === 'NEEDS_ATTENTION' && seen.sagaState !== sagaState;
  const whatToDo = isStuck ? describeUnknownDecision(seen.id) : undefined;
  const repaired = await repairOrder(db, seen, { status: truth.status, sagaState, reason: what, whatToDo });
  if (!repaired) return { outcome: 'busy' };
  if (seen.status !== truth.status) countMetric('orders_transitions_total', { to: truth.status });
  return { outcome: 'repaired', orderId: seen.id, what };
}

/**
 * Whether an attempt at the workflow task that was lost has written more than the next one, which is parked, has come to. Once the
 * operator lets it go on, it writes the same again, which changes nothing.
 */
function isAheadOfParked(seen: OrderSummary, truth: Settled): boolean {
  return (
    truth.state === 'waiting' && truth.needsAttention && !isFinal(seen.status) && canReach(truth.status, seen.status)
  );
}

type Failing = Extract<WorkflowState, { state: 'failing' }>;

/** Nothing can be done with the order, not even by its own commands, until somebody has mended what fails. */
function markFailing(dependencies: ReconcilerDependencies, seen: OrderSummary, { attempts, why }: Failing) {
  const what = `its workflow tasks fail, ${attempts} times by now: ${why}`;
  return needsAttention(
    dependencies,
    seen,
    what,
    'mend what makes its workflow fail, after which it goes on by itself',
  );
}

type Retrying = Extract<WorkflowState, { state: 'retrying' }>;

/** An order whose workflow tasks have failed, and succeed again, is only waiting for a service. */
async function unmark({ db }: ReconcilerDependencies, seen: OrderSummary, truth: Retrying): Promise<Finding> {
  const isMarked =
    seen.sagaState === 'NEEDS_ATTENTION' && !seen.isDisputed && !truth.needsAttention && truth.status === seen.status;
  if (!isMarked) return { outcome: 'busy' };
  const what = 'its workflow goes on';
  const repaired = await repairOrder(db, seen, { status: seen.status, sagaState: 'RUNNING', reason: what });
  return repaired ? { outcome: 'repaired', orderId: seen.id, what } : { outcome: 'busy' };
}

/** Nobody but a person can tell which of the two is right: the projection stays as it is, and says what to do. */
function mark(dependencies: ReconcilerDependencies, seen: OrderSummary, truth: Settled): Promise<Finding> {
  const remedy = describeRemedy(seen, truth);
  const what = `the projection says ${seen.status}, the workflow ${truth.status}: ${remedy}`;
  return needsAttention(dependencies, seen, what, remedy);
}

async function needsAttention(
  { db }: ReconcilerDependencies,
  seen: OrderSummary,
  what: string,
  whatToDo: string,
): Promise<Finding> {
  const { id, status, sagaState } = seen;
  const found = { outcome: 'needs attention', orderId: id, what } as const;
  if (sagaState === 'NEEDS_ATTENTION') return found;
  return (await repairOrder(db, seen, { status, sagaState: 'NEEDS_ATTENTION', reason: what, whatToDo }))
    ? found
    : { outcome: 'busy' };
}

function describeRemedy({ id, status }: OrderSummary, truth: Settled): string {
  const look = 'compare payment and stock of the order with both';
  if (truth.state === 'ended') return `${look} and settle by hand what differs, since its workflow has ended`;
  const workflow = orderWorkflowId(id);
  return status === 'CANCELLED'
    ? `${look}; if it is to stay cancelled, run \`temporal workflow cancel -w ${workflow}\`, which refunds and releases what it still holds`
    : `${look}; if the projection is right, run \`temporal workflow terminate -w ${workflow}\`, after which it is resumed or cancelled`;
}

function wasEnded({ how, reason }: Ending): string {
  const ended = `its workflow was ${how.toLowerCase().replaceAll('_', ' ')}`;
  return reason === undefined ? ended : `${ended}: ${reason}`;
}

function sagaStateOf(seen: OrderSummary, truth: Settled): SagaState {
  if (truth.state === 'waiting' && truth.needsAttention) return 'NEEDS_ATTENTION';
  // A workflow that has ended can't be told of a dispute.
  if (seen.isDisputed && seen.sagaState === 'NEEDS_ATTENTION') return 'NEEDS_ATTENTION';
  if (truth.status === 'CANCELLED') return 'COMPENSATED';
  if (truth.status === 'PENDING' || truth.status === 'PAYMENT_FAILED') return 'RUNNING';
  // An order at rest has no saga under way; which one was its last, the projection knows better.
  return seen.sagaState === 'COMPENSATED' && truth.status === seen.status ? 'COMPENSATED' : 'COMPLETED';
}
