import { defineQuery, setHandler } from '@temporalio/workflow';
import { allowedAfter } from '../src/domain/order-status.ts';
import type { StepState } from '../src/domain/saga.ts';
import type { OrderRun } from './order-run.ts';
import { waitingStep } from './order-state.ts';

/** What an order's workflow thinks of its order; as on the wire. */
export interface OrderAnswer {
  readonly order_id: string;
  readonly status: string;
  readonly may_become: readonly string[];
  readonly total: string;
  readonly reservation_id: string | null;
  readonly payment_id: string | null;
  readonly is_partly_shipped: boolean;
  readonly is_backordered: boolean;
  readonly is_notification_failed: boolean;
  readonly remark: string | null;
}

/** What an order's workflow thinks of the saga that began last. */
export interface SagaAnswer {
  readonly saga: string | null;
  /** The step that it waits in, off the fast path. */
  readonly waits_in: string | null;
  readonly needs_attention: readonly { readonly step: string; readonly problem: string }[];
  /** Those that have ended, in the order in which they did. */
  readonly steps: readonly { readonly step: string; readonly state: StepState; readonly last_error: string | null }[];
}

const orderQuery = defineQuery<OrderAnswer>('order');
const sagaQuery = defineQuery<SagaAnswer>('saga');

/** Answers what the workflow thinks, which may be ahead of the database or behind it. The customer's data are in neither answer. */
export function answerQueries(order: OrderRun): void {
  setHandler(orderQuery, () => toOrderAnswer(order), {
    description: 'What the workflow thinks of the order: status, total, what it may become.',
  });
  setHandler(sagaQuery, () => toSagaAnswer(order), {
    description:
      'What the workflow thinks of the latest saga: the step it waits in, what needs attention, and what has ended how.',
  });
}

function toOrderAnswer({ id, state, total }: OrderRun): OrderAnswer {
  return {
    order_id: id,
    status: state.status,
    may_become: allowedAfter(state.status),
    total,
    reservation_id: state.reservationId ?? null,
    payment_id: state.charges.at(-1)?.paymentId ?? null,
    is_partly_shipped: state.isPartlyShipped,
    is_backordered: state.isBackordered,
    is_notification_failed: state.isNotificationFailed,
    remark: state.remark ?? null,
  };
}

function toSagaAnswer({ state, ledger }: OrderRun): SagaAnswer {
  return {
    saga: ledger?.saga ?? null,
    waits_in: waitingStep(state) ?? null,
    needs_attention: [...state.parked].map(([step, problem]) => ({ step, problem })),
    steps: (ledger?.records ?? []).map(({ step, state: reached, lastError }) => ({
      step,
      state: reached,
      last_error: lastError ?? null,
    })),
  };
}
