import { allowedBefore, type OrderStatus } from '../../../src/domain/order-status.ts';
import type { OrderTransition } from '../../../src/domain/order-transition.ts';
import type { PaymentStatus } from '../../../src/domain/payment-status.ts';
import type { SagaAction, SagaState, StepRecord, StepState } from '../../../src/domain/saga.ts';
import type { SagaStateRecord, StepAttemptRecord } from '../../../src/repositories/saga-step-repository.ts';
import type { Network } from './network.ts';
import type { Payment } from './payment.ts';

/** A change of status as the history has it. */
export interface HistoryRow {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly key: string;
}

/** Who wants to know of what is written: the customer, an operator. */
export interface ProjectionWatcher {
  readonly onStatus: (status: OrderStatus) => void;
  readonly onAttention: (step: SagaAction) => void;
}

export type Projection = ReturnType<typeof createProjection>;

/** Payment statuses that an attempt may replace, as in the repository of steps. */
const replaceable: Partial<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  QUEUED: ['PENDING', 'FAILED'],
  UNKNOWN: ['PENDING', 'FAILED', 'QUEUED'],
  CAPTURED: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN'],
  REFUNDING: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'CAPTURED', 'PARTIALLY_REFUNDED'],
};

/** One order's rows, written by the rules of the repositories: the real transition table, keys, and what an attempt may say. */
export function createProjection(
  network: Network,
  payment: Payment,
  hearsOfCharges: boolean,
  watch: ProjectionWatcher,
) {
  const order = {
    status: 'PENDING' as OrderStatus,
    paymentStatus: 'PENDING' as PaymentStatus,
    sagaState: 'RUNNING' as SagaState,
    refundedMinor: 0,
  };
  const history: HistoryRow[] = [];
  const ledger = new Map<SagaAction, StepState>();
  const write = (steps: readonly StepRecord[]) => {
    for (const { step, state } of steps) ledger.set(step, state);
  };

  const transition = ({ to, key, sagaState, paymentStatus, refundedMinor, steps }: OrderTransition) => {
    const from = order.status;
    const applied = allowedBefore(to).includes(from) && !history.some((row) => row.key === key);
    if (applied) {
      history.push({ from, to, key });
      order.status = to;
      order.sagaState = sagaState;
      order.paymentStatus = paymentStatus ?? order.paymentStatus;
      order.refundedMinor = refundedMinor ?? order.refundedMinor;
      write(steps ?? []);
      watch.onStatus(to);
    }
    return { applied, status: order.status };
  };

  const recordAttempt = ({ step, state, sagaState, paymentStatus }: StepAttemptRecord) => {
    const known = ledger.get(step);
    const isParked = order.sagaState === 'NEEDS_ATTENTION';
    if (known && !(known === 'RUNNING' || known === 'REFUSED' || (known === 'FAILED' && !isParked))) return;
    ledger.set(step, state);
    if (order.status === 'CANCELLED') return;
    if (paymentStatus && replaceable[paymentStatus]?.includes(order.paymentStatus)) order.paymentStatus = paymentStatus;
    if (!isParked) order.sagaState = sagaState ?? order.sagaState;
  };

  const recordState = ({ sagaState, steps }: SagaStateRecord) => {
    write(steps);
    order.sagaState = sagaState ?? order.sagaState;
    if (sagaState !== 'NEEDS_ATTENTION') return;
    for (const { step, state } of steps) if (state === 'FAILED') watch.onAttention(step);
  };

  const settleState = ({ status, sagaState }: { readonly status: OrderStatus; readonly sagaState: SagaState }) => {
    const isOpen = order.sagaState === 'RUNNING' || order.sagaState === 'COMPENSATING' || status === 'CANCELLED';
    if (order.status === status && isOpen) order.sagaState = sagaState;
  };

  return {
    order,
    history,
    ledger,
    /** What the repositories' functions do when they are called with this projection as their database. */
    repositories: {
      transitionOrder: (t: OrderTransition) => network.call('transition', () => transition(t)),
      recordStepAttempt: (attempt: StepAttemptRecord) => network.call('recordAttempt', () => recordAttempt(attempt)),
      recordSagaState: (record: SagaStateRecord) => network.call('recordState', () => recordState(record)),
      settleSagaState: (settled: Parameters<typeof settleState>[0]) =>
        network.call('recordState', () => settleState(settled)),
      findOrderStatus: () => network.call('readStatus', () => order.status),
      // The payment service's webhook reached us a moment after the charge.
      findSettlement: ({ idempotencyKey }: { readonly idempotencyKey: string }) =>
        network.call('findSettlement', () => (hearsOfCharges ? payment.byHand.findCharge(idempotencyKey) : undefined)),
    },
  };
}
