import { sql } from 'kysely';
import { SAGA_ACTOR } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentStatus } from '../domain/payment-status.ts';
import { CREATE_SAGA, type SagaAction, type SagaState, type StepRecord, type StepState } from '../domain/saga.ts';
import { writeSteps } from './ledger.ts';
import { insertUpdatedEvent, loggedColumns } from './order-log.ts';
import type { Db } from './schema.ts';

/** What an attempt at a step came to, and what that says about the order. */
export interface StepAttemptRecord {
  readonly orderId: string;
  /** Which saga of the order it belongs to; the one that creates it unless given. */
  readonly saga?: string | undefined;
  readonly step: SagaAction;
  readonly state: StepState;
  readonly error?: string | undefined;
  readonly sagaState?: SagaState | undefined;
  readonly paymentStatus?: PaymentStatus | undefined;
}

/** Payment statuses that an attempt may replace: a late attempt never takes back what is known by now. */
const replaceable: Partial<Record<PaymentStatus, PaymentStatus[]>> = {
  QUEUED: ['PENDING', 'FAILED'],
  UNKNOWN: ['PENDING', 'FAILED', 'QUEUED'],
  CAPTURED: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN'],
  REFUNDING: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'CAPTURED', 'PARTIALLY_REFUNDED'],
};

/**
 * Counts an attempt in the ledger and shows on the order what it means for saga and payment, in one statement.
 * A step that is done, skipped or resolved stays so, and a final order keeps its payment status. An attempt that outlives its
 * step's patience, or one at another step, does not hide that an operator is waited for.
 */
export async function recordStepAttempt(db: Db, attempt: StepAttemptRecord): Promise<void> {
  const { orderId, saga = CREATE_SAGA, step, state, error, paymentStatus, sagaState } = attempt;
  const from = (paymentStatus && replaceable[paymentStatus]) ?? [];
  const nextState = sql`case when held.saga_state = 'NEEDS_ATTENTION' then held.saga_state
    else coalesce(${sagaState ?? null}, held.saga_state) end`;
  await sql`
    with held as (${holdOrder(orderId)}),
    counted as (
      insert into order_saga_steps as s (order_id, saga, step, state, attempts, last_error, actor)
      select id, ${saga}, ${step}, ${state}, 1, ${error ?? null}, ${SAGA_ACTOR} from held
      on conflict (order_id, saga, step) do update set state = excluded.state, attempts = s.attempts + 1,
        last_error = coalesce(excluded.last_error, s.last_error), updated_at = now()
      where s.state in ('RUNNING', 'REFUSED')
        or s.state = 'FAILED' and (select saga_state from held) <> 'NEEDS_ATTENTION'
      returning 1
    ),
    updated as (
      update orders o set
        payment_status = case when held.payment_status = any(${from}) then ${paymentStatus ?? null} else held.payment_status end,
        saga_state = ${nextState},
        version = o.version + 1, updated_at = now(), workflow_started = true
      from counted, held
      where o.id = held.id and held.status <> 'CANCELLED'
        and (held.payment_status = any(${from}) or held.saga_state <> ${nextState})
      returning ${loggedColumns}
    )
    ${insertUpdatedEvent}`.execute(db);
}

/** The saga's own word on where it stands: its state, unless that stays, and the steps it speaks of. Repeating it changes nothing. */
export interface SagaStateRecord {
  readonly orderId: string;
  readonly sagaState?: SagaState | undefined;
  readonly steps: readonly StepRecord[];
}

/** Writes the saga's state and steps over whatever attempts left there. */
export async function recordSagaState(db: Db, record: SagaStateRecord): Promise<void> {
  const sagaState = record.sagaState ?? sql.ref('held.saga_state');
  await sql`
    with held as (${holdOrder(record.orderId)}),
    steps as (${writeSteps('held', record.steps)}),
    updated as (
      update orders o set saga_state = ${sagaState}, version = o.version + 1, updated_at = now(), workflow_started = true
      from held where o.id = held.id and held.saga_state <> ${sagaState}
      returning ${loggedColumns}
    )
    ${insertUpdatedEvent}`.execute(db);
}

/**
 * Has the saga of an order in `status` be where it was to be with that status, unless the order has gone on or needs attention.
 * A cancelled order needs no attention any more: that status is written once every compensation is done or resolved.
 */
export async function settleSagaState(
  db: Db,
  {
    orderId,
    status,
    sagaState,
  }: { readonly orderId: string; readonly status: OrderStatus; readonly sagaState: SagaState },
): Promise<void> {
  await sql`
    with updated as (
      update orders o set saga_state = ${sagaState}, version = version + 1, updated_at = now()
      where id = ${orderId} and status = ${status} and saga_state <> ${sagaState}
        and (saga_state in ('RUNNING', 'COMPENSATING') or status = 'CANCELLED')
      and not exists (select from order_returns r where r.order_id = o.id and r.state in ('OPEN', 'RESTOCKED'))
      and not exists (select from order_amendments a where a.order_id = o.id and a.state = 'PLANNED')
      returning ${loggedColumns}
    )
    ${insertUpdatedEvent}`.execute(db);
}

/** Every write takes the order's row before rows of its ledger, as a transition does: in another order two would deadlock. */
function holdOrder(orderId: string) {
  return sql`select id, status, payment_status, saga_state from orders where id = ${orderId} for no key update`;
}
