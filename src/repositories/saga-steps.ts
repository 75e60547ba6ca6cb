import { sql } from 'kysely';
import { SAGA_ACTOR } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { replaceableBy, type PaymentStatus } from '../domain/payment-status.ts';
import type { PaymentAction } from '../domain/next-action.ts';
import {
  CREATE_SAGA,
  movedMoney,
  type SagaAction,
  type SagaProgress,
  type SagaState,
  type StepState,
} from '../domain/saga.ts';
import { writeEndedSteps } from './ledger.ts';
import { insertUpdatedEvent, loggedColumns } from './order-log.ts';
import { sealNextAction } from './payment-action-column.ts';
import type { Db } from './schema.ts';
import type { StoredPaymentAction } from './schema/order-tables.ts';

/** What an attempt at a step came to, and what that says about the order. */
export interface StepAttemptRecord {
  readonly orderId: string;
  /** Which saga of the order it belongs to; the one that creates it unless given. */
  readonly saga?: string | undefined;
  readonly step: SagaAction;
  readonly state: StepState;
  readonly error?: string | undefined;
  /** Of a message that it has sent, masked. */
  readonly recipient?: string | undefined;
  readonly sagaState?: SagaState | undefined;
  readonly paymentStatus?: PaymentStatus | undefined;
  /** What the customer has to do before the payment with this key goes on. */
  readonly action?: (PaymentAction & { readonly idempotencyKey: string }) | undefined;
  /** When the attempt began. */
  readonly startedAt?: Date | undefined;
  /** How far the saga had come before this step. */
  readonly progress?: SagaProgress | undefined;
}

/**
 * Counts an attempt in the ledger and writes on the order what it means for saga and payment, in one statement, with the steps
 * before it: whoever looks while the order waits sees what is done. A step that is done, skipped or resolved stays so, and a
 * cancelled order keeps its payment status. An order that needs attention still needs it after a late attempt, or an attempt at
 * another step, unless what it was needed for has been interrupted since. Returns whether anything changed on the order, which then has
 * an event.
 */
export async function recordStepAttempt(db: Db, attempt: StepAttemptRecord): Promise<boolean> {
  const { orderId, saga = CREATE_SAGA, step, state, error, recipient } = attempt;
  const { paymentStatus, sagaState, startedAt, progress } = attempt;
  const action = attempt.action && JSON.stringify(storedAction(attempt.action));
  const isActionNews = isNewsOfAction(attempt);
  const from = paymentStatus ? replaceableBy(paymentStatus) : [];
  const reservationId = progress?.reservationId ?? null;
  // An attempt that reports when the order is cancelled already has been cut off.
  const isInterrupted = sql.lit(state === 'RUNNING' && step !== 'notifyCustomer');
  const nextState = sql`case when locked.saga_state = 'NEEDS_ATTENTION' and not ${isNobodyNeeded(orderId, progress)} then locked.saga_state
    else coalesce(${sagaState ?? null}, locked.saga_state) end`;
  const { numAffectedRows = 0n } = await sql`
    with locked as (${lockRow(orderId)}),
    counted as (
      insert into order_saga_steps as s (order_id, saga, step, state, attempts, last_error, recipient, actor, started_at)
      select id, ${saga}, ${step}, case when status = 'CANCELLED' and ${isInterrupted} then 'INTERRUPTED' else ${state} end, 1,
        ${error ?? null}, ${recipient ?? null}, ${SAGA_ACTOR}, coalesce(${startedAt ?? null}::timestamptz, now()) from locked
      on conflict (order_id, saga, step) do update set state = excluded.state, attempts = s.attempts + 1,
        last_error = coalesce(excluded.last_error, s.last_error),
        recipient = coalesce(excluded.recipient, s.recipient), started_at = least(s.started_at, excluded.started_at),
        updated_at = now()
      where s.state in ('RUNNING', 'REFUSED')
        or s.state = 'FAILED' and (select saga_state from locked) <> 'NEEDS_ATTENTION'
      returning 1
    ),
    before as (${writeEndedSteps('locked', progress?.steps ?? [])}),
    updated as (
      update orders o set
        payment_status = case when locked.payment_status = any(${from}) then ${paymentStatus ?? null} else locked.payment_status end,
        payment_action = case when ${isActionNews} then ${action ?? null}::jsonb else o.payment_action end,
        saga_state = ${nextState}, reservation_id = coalesce(o.reservation_id, ${reservationId}::text),
        version = o.version + 1, updated_at = now(), workflow_started = true
      from counted, locked
      where o.id = locked.id and locked.status <> 'CANCELLED'
        and (locked.payment_status = any(${from}) or locked.saga_state <> ${nextState} or ${isActionNews}
          or o.reservation_id is null and ${reservationId}::text is not null)
      returning ${loggedColumns}
    )
    ${insertUpdatedEvent}`.execute(db);
  return numAffectedRows > 0n;
}

/**
 * Writes the saga state that belongs to the order's `status`, unless the order has another status by now, needs attention, or has
 * an amendment, return or refund under way.
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
      and not exists (select from order_refunds r where r.order_id = o.id and r.state = 'OPEN')
      and not exists (select from order_amendments a where a.order_id = o.id and a.state = 'PLANNED')
      returning ${loggedColumns}
    )
    ${insertUpdatedEvent}`.execute(db);
}

/** Whether a step of the order waits for an operator; the notification does not hold the order up. */
export async function hasParkedStep(db: Db, orderId: string): Promise<boolean> {
  const row = await db
    .selectFrom('order_saga_steps')
    .select('step')
    .where('order_id', '=', orderId)
    .where('state', '=', 'FAILED')
    .where('step', '<>', 'notifyCustomer')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the steps that waited for an operator are among those that were interrupted. */
function isNobodyNeeded(orderId: string, progress: SagaProgress | undefined) {
  const interrupted = (progress?.steps ?? []).filter(({ state }) => state === 'INTERRUPTED');
  if (interrupted.length === 0) return sql.lit(false);
  const names = interrupted.map(({ saga = CREATE_SAGA, step }) => `${saga} ${step}`);
  return sql`(select coalesce(bool_and(f.saga || ' ' || f.step = any(${names})), false) from order_saga_steps f
    where f.order_id = ${orderId} and f.state = 'FAILED' and f.step <> 'notifyCustomer')`;
}

function storedAction({ idempotencyKey, until, nextAction }: NonNullable<StepAttemptRecord['action']>) {
  const stored = {
    idempotency_key: idempotencyKey,
    until: until.toISOString(),
    next_action: sealNextAction(nextAction),
  };
  return stored satisfies StoredPaymentAction;
}

/**
 * Whether an attempt changes what the customer has to do: it asks for something first, or takes money and has ended without asking. An attempt
 * that reports late, when the payment has failed, changes nothing.
 */
function isNewsOfAction({ step, state, action, paymentStatus }: StepAttemptRecord) {
  if (movedMoney(step) !== 'CHARGE') return sql.lit(false);
  if (action) {
    const key = action.idempotencyKey;
    return sql`locked.status <> 'PAYMENT_FAILED' and locked.payment_action ->> 'idempotency_key' is distinct from ${key}::text`;
  }
  return state === 'DONE' || paymentStatus === 'PENDING' ? sql`locked.payment_action is not null` : sql.lit(false);
}

/** As every write does, it locks the order's row before rows that belong to the order: in another sequence two writes would deadlock. */
function lockRow(orderId: string) {
  return sql`select id, status, payment_status, saga_state, payment_action from orders where id = ${orderId} for no key update`;
}
