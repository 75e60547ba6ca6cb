import type { CouponTerms } from '../../../src/domain/coupon.ts';
import type { OrderTransition } from '../../../src/domain/order-transition.ts';
import type { OrderStatus } from '../../../src/domain/order-status.ts';
import { replaceableBy } from '../../../src/domain/payment-status.ts';
import type { SagaProgress, SagaState } from '../../../src/domain/saga.ts';
import type { StepAttemptRecord } from '../../../src/repositories/saga-steps.ts';
import { createAmendmentWrites } from './amendment-writes.ts';
import type { Calls } from './network.ts';
import { createRefundWrites } from './refund-writes.ts';
import { createReturnWrites } from './return-writes.ts';
import { createRows, ledgerKey, orderIn, type ProjectionWatcher } from './rows.ts';
import { createSagaWrites } from './saga-writes.ts';
import type { SimulatedPayment } from './simulated-payment.ts';

export type Projection = ReturnType<typeof createProjection>;

/** What a projection is made of. */
interface ProjectionParts {
  readonly network: Calls;
  readonly payment: Pick<SimulatedPayment, 'findCharge'>;
  readonly hearsOfCharges: boolean;
  readonly coupon: CouponTerms | null;
  readonly watch: ProjectionWatcher;
}

/** One order's rows, written by the rules of the repositories: the real transition table, keys, and what an attempt may say. */
export function createProjection({ network, payment, hearsOfCharges, coupon, watch }: ProjectionParts) {
  const base = createRows(coupon, watch);
  const { rows, transition } = base;
  const { order, ledger } = rows;

  /** Whether anything changed on the order. */
  const recordAttempt = ({ saga, step, state, sagaState, paymentStatus, progress }: StepAttemptRecord): boolean => {
    const isParked = order.sagaState === 'NEEDS_ATTENTION';
    const staysParked = isParked && !isNobodyNeeded(progress);
    for (const ended of progress?.steps ?? []) {
      const endedKey = ledgerKey(ended.step, ended.saga);
      const earlier = ledger.get(endedKey);
      const isInterrupted = earlier === 'FAILED' && ended.state === 'INTERRUPTED';
      if (earlier === undefined || earlier === 'RUNNING' || isInterrupted) ledger.set(endedKey, ended.state);
    }
    const key = ledgerKey(step, saga);
    const known = ledger.get(key);
    if (known && !(known === 'RUNNING' || known === 'REFUSED' || (known === 'FAILED' && !isParked))) return false;
    const isOver = order.status === 'CANCELLED';
    ledger.set(key, isOver && state === 'RUNNING' && step !== 'notifyCustomer' ? 'INTERRUPTED' : state);
    if (isOver) return false;
    const before = { paymentStatus: order.paymentStatus, sagaState: order.sagaState };
    if (paymentStatus && replaceableBy(paymentStatus).includes(order.paymentStatus))
      order.paymentStatus = paymentStatus;
    if (!staysParked) order.sagaState = sagaState ?? order.sagaState;
    return order.paymentStatus !== before.paymentStatus || order.sagaState !== before.sagaState;
  };

  /** Whether the steps that waited for an operator are among those that were interrupted. */
  const isNobodyNeeded = (progress: SagaProgress | undefined): boolean => {
    const interrupted = (progress?.steps ?? []).filter(({ state }) => state === 'INTERRUPTED');
    const failed = [...ledger].flatMap(([key, state]) =>
      state === 'FAILED' && key.split(' ').at(-1) !== 'notifyCustomer' ? [key] : [],
    );
    const keys = interrupted.map(({ step, saga }) => ledgerKey(step, saga));
    return failed.length > 0 && failed.every((key) => keys.includes(key));
  };

  const settleState = ({ status, sagaState }: { readonly status: OrderStatus; readonly sagaState: SagaState }) => {
    const isOpen = order.sagaState === 'RUNNING' || order.sagaState === 'COMPENSATING' || status === 'CANCELLED';
    const isBusy =
      rows.amendments.some((one) => one.state === 'PLANNED') ||
      rows.returns.some((one) => one.state === 'OPEN' || one.state === 'RESTOCKED') ||
      rows.refunds.some((one) => one.state === 'OPEN');
    if (order.status === status && isOpen && !isBusy) order.sagaState = sagaState;
  };

  return {
    rows,
    /** What the repositories' functions do when they are called with this projection as their database. */
    repositories: {
      transitionOrder: (t: OrderTransition) => network.call('transition', () => transition(t)),
      recordStepAttempt: (attempt: StepAttemptRecord) => network.call('recordAttempt', () => recordAttempt(attempt)),
      settleSagaState: (settled: Parameters<typeof settleState>[0]) =>
        network.call('recordState', () => settleState(settled)),
      findEdit: (commandId: string) => network.call('readStatus', () => rows.edits.get(commandId)),
      deleteEdit: (commandId: string) => network.call('recordState', () => void rows.edits.delete(commandId)),
      findOrderWithItems: () => network.call('readStatus', () => orderIn(rows)),
      findOrderStatus: () => network.call('readStatus', () => order.status),
      hasLeftInPart: () => network.call('readStatus', () => rows.items.some((item) => item.shippedQuantity > 0)),
      // The payment service's webhook reached us a moment after the charge.
      findSettlement: ({ idempotencyKey }: { readonly idempotencyKey: string }) =>
        network.call('findSettlement', () => {
          const known = hearsOfCharges ? payment.findCharge(idempotencyKey) : undefined;
          // It tells of money that it took and of a decline, and not of money that it holds.
          return known?.outcome === 'captured' || known?.outcome === 'declined' ? known : undefined;
        }),
      ...createAmendmentWrites(network, base, watch),
      ...createReturnWrites(network, base, watch),
      ...createRefundWrites(network, base),
      ...createSagaWrites(network, base, watch),
    },
  };
}
