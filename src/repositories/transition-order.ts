import { sql } from 'kysely';
import { allowedBefore, type OrderStatus } from '../domain/order-status.ts';
import type { OrderTransition, PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { StepRecord } from '../domain/saga.ts';
import { givenBackFrom } from './coupon-redemptions.ts';
import type { Db } from './schema.ts';

/** `applied` is false when the write came too late or repeated an earlier one; `status` is what the order has now. */
export interface TransitionResult {
  readonly applied: boolean;
  readonly status: OrderStatus;
}

/**
 * Moves an order to another status: the row, its history, outbox, ledger and transactions in one statement, and when it is
 * cancelled, its coupon back to the customer.
 * Guarded twice: by the transition table, so that a late write never regresses a status, and by the transition's key,
 * so that an activity that runs again writes nothing twice. Throws when there is no such order.
 */
export async function transitionOrder(db: Db, transition: OrderTransition): Promise<TransitionResult> {
  try {
    return await writeTransition(db, transition);
  } catch (error) {
    // A twin of this write committed between our snapshot and our lock: seen from here it is a repeat.
    if (error instanceof Error && 'code' in error && error.code === '23505') return writeTransition(db, transition);
    throw error;
  }
}

const milestones: Partial<Record<OrderStatus, string>> = {
  CONFIRMED: 'confirmed_at',
  PROCESSING: 'processing_at',
  SHIPPED: 'shipped_at',
  DELIVERED: 'delivered_at',
  CANCELLED: 'cancelled_at',
  RETURNED: 'returned_at',
  REFUNDED: 'refunded_at',
};

async function writeTransition(db: Db, t: OrderTransition): Promise<TransitionResult> {
  const milestone = milestones[t.to];
  const { rows } = await sql<TransitionResult>`
    with before as (select id, status from orders where id = ${t.orderId} for update),
    moved as (
      update orders o set
        status = ${t.to}, version = o.version + 1, updated_at = now(), workflow_started = true, saga_state = ${t.sagaState},
        ${milestone ? sql`${sql.ref(milestone)} = now(),` : sql``}
        payment_status = coalesce(${t.paymentStatus ?? null}, o.payment_status),
        payment_id = coalesce(${t.paymentId ?? null}, o.payment_id),
        payment_method = coalesce(${t.paymentMethod ?? null}, o.payment_method),
        payment_retry_until = ${t.paymentRetryUntil ?? null}::timestamptz,
        refunded_minor = coalesce(${t.refundedMinor ?? null}::bigint, o.refunded_minor),
        reservation_id = coalesce(${t.reservationId ?? null}, o.reservation_id),
        cancellation_reason = coalesce(${t.cancellationReason ?? null}, o.cancellation_reason),
        tracking = coalesce(${json(t.tracking)}::jsonb, o.tracking),
        failure = ${json(t.failure)}::jsonb
      from before
      where o.id = before.id and before.status = any(${allowedBefore(t.to)})
        and not exists (select from order_status_history h where h.order_id = o.id and h.transition_key = ${t.key})
      returning o.id, o.order_number, o.customer_id, before.status as from_status, o.status, o.version, o.payment_status
    ),
    history as (
      insert into order_status_history (order_id, version, from_status, to_status, actor, reason, transition_key)
      select id, version, from_status, status, ${t.actor}, ${t.reason ?? null}, ${t.key} from moved
    ),
    event as (
      insert into outbox (order_id, type, payload)
      select id, 'order.' || lower(status), jsonb_build_object('order_id', id, 'order_number', order_number, 'customer_id', customer_id,
        'status', status, 'from', from_status, 'payment_status', payment_status, 'version', version, 'actor', ${t.actor}::text,
        'reason', ${t.reason ?? null}::text)
      from moved
    ),
    ${t.to === 'CANCELLED' ? givenBackFrom('moved') : sql``}
    steps as (${stepsOf(t.steps ?? [])}),
    transactions as (${transactionsOf(t.transactions ?? [])})
    select coalesce(moved.status, before.status) as status, moved.id is not null as applied
    from before left join moved on true`.execute(db);
  const [result] = rows;
  if (!result) throw new Error(`no order ${t.orderId}`);
  return result;
}

function stepsOf(steps: readonly StepRecord[]) {
  return sql`
    insert into order_saga_steps as s (order_id, step, state, attempts, last_error, actor, started_at)
    select moved.id, r.step, r.state, r.attempts, r."lastError", coalesce(r.actor, 'system:saga'), coalesce(r."startedAt", now())
    from moved, jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as r(
      step text, state text, attempts integer, "lastError" text, actor text, "startedAt" timestamptz)
    on conflict (order_id, step) do update set state = excluded.state, attempts = greatest(s.attempts, excluded.attempts),
      last_error = coalesce(excluded.last_error, s.last_error), actor = excluded.actor, updated_at = now()`;
}

function transactionsOf(transactions: readonly PaymentTransactionRecord[]) {
  return sql`
    insert into order_payment_transactions
      (order_id, idempotency_key, kind, status, payment_id, amount_minor, currency, payment_method, decline_code)
    select moved.id, r."idempotencyKey", r.kind, r.status, r."paymentId", r."amountMinor", r.currency, r."paymentMethod", r."declineCode"
    from moved, jsonb_to_recordset(${JSON.stringify(transactions)}::jsonb) as r(
      "idempotencyKey" text, kind text, status text, "paymentId" text, "amountMinor" bigint, currency text,
      "paymentMethod" text, "declineCode" text)
    on conflict (idempotency_key) do nothing`;
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
