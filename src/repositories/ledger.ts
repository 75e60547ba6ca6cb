import { sql } from 'kysely';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import { CREATE_SAGA, type StepRecord } from '../domain/saga.ts';
import { insertEvents, loggedColumns } from './order-log.ts';
import { selectPaymentEvents, toBookedEvent } from './payment-events.ts';
import { sealPaymentMethod } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** A statement that writes the states of steps into the ledger of each order in `source`, a query with a column `id`. */
export function writeSteps(source: string, steps: readonly StepRecord[]) {
  return sql`${insertSteps(source, steps)}
    on conflict (order_id, saga, step) do update set state = excluded.state, attempts = greatest(s.attempts, excluded.attempts),
      last_error = coalesce(excluded.last_error, s.last_error), actor = excluded.actor,
      started_at = least(s.started_at, excluded.started_at), updated_at = excluded.updated_at`;
}

/**
 * The same of steps that are over, by a write that may be late: what the ledger says of a step that has ended stays, but that one which
 * waited for an operator was interrupted.
 */
export function writeEndedSteps(source: string, steps: readonly StepRecord[]) {
  return sql`${insertSteps(source, steps)}
    on conflict (order_id, saga, step) do update set state = excluded.state,
      started_at = least(s.started_at, excluded.started_at), updated_at = excluded.updated_at
    where s.state = 'RUNNING' or s.state = 'FAILED' and excluded.state = 'INTERRUPTED'`;
}

function insertSteps(source: string, steps: readonly StepRecord[]) {
  return sql`
    insert into order_saga_steps as s (order_id, saga, step, state, attempts, last_error, actor, started_at, updated_at)
    select o.id, coalesce(r.saga, ${CREATE_SAGA}), r.step, r.state, r.attempts, r."lastError", coalesce(r.actor, ${SAGA_ACTOR}),
      coalesce(r."startedAt", now()), coalesce(r."endedAt", now())
    from ${sql.ref(source)} o, jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as r(saga text, step text, state text,
      attempts integer, "lastError" text, actor text, "startedAt" timestamptz, "endedAt" timestamptz)`;
}

/**
 * A statement that ends the steps that are still running of each order in `source`: something has cut them off. Those in `written`
 * are left alone, since the same statement writes them, and so is the notification, which nothing cuts off.
 */
export function interruptSteps(source: string, written: readonly StepRecord[]) {
  const names = written.map(({ saga = CREATE_SAGA, step }) => `${saga} ${step}`);
  return sql`
    update order_saga_steps s set state = 'INTERRUPTED', updated_at = now() from ${sql.ref(source)} o
    where s.order_id = o.id and s.state = 'RUNNING' and s.step <> 'notifyCustomer'
      and s.saga || ' ' || s.step <> all(${names})`;
}

/** Ends the steps of one of an order's sagas that are still running, since something has cut them off. */
export async function interruptSaga(db: Db, orderId: string, saga: string): Promise<void> {
  await db
    .updateTable('order_saga_steps')
    .set({ state: 'INTERRUPTED', updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('saga', '=', saga)
    .where('state', '=', 'RUNNING')
    .execute();
}

/** What a charge or refund that was put on record came to. */
export type BookedStatus = PaymentTransactionRecord['status'];

/**
 * Common table expressions that write charges and refunds of each order in `source`, each once: `transactions` are those that are new, and
 * `booking` is what {@link selectPaymentEvents} tells of them.
 */
export function bookTransactions(source: string, transactions: readonly PaymentTransactionRecord[]) {
  return sql`
    ${booking(transactions)},
    transactions as (
      insert into order_payment_transactions as t (order_id, idempotency_key, kind, status, payment_id, amount_minor, currency,
        payment_method, decline_code, provider, reference, reason, actor, declined_customer_id)
      select o.id, r."idempotencyKey", r.kind, r.status, r."paymentId", r."amountMinor", r.currency,
        r."paymentMethod", r."declineCode", coalesce(r.provider, 'PAYMENT_SERVICE'), r.reference, r.reason, r.actor,
        case when r.status = 'DECLINED' then (select c.customer_id from orders c where c.id = o.id) end
      from ${sql.ref(source)} o, booking r
      -- An authorisation that holds nothing any more says so; everything else is written once.
      on conflict (idempotency_key) do update set status = excluded.status
        where t.status = 'AUTHORIZED' and excluded.status in ('VOIDED', 'EXPIRED')
      returning idempotency_key as "idempotencyKey", status
    )`;
}

function booking(transactions: readonly PaymentTransactionRecord[]) {
  const rows = transactions.map((transaction, nth) => ({
    ...sealed(transaction),
    nth,
    event: toBookedEvent(transaction),
  }));
  return sql`
    booking as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
        nth integer, event jsonb, "idempotencyKey" text, kind text, status text, "paymentId" text, "amountMinor" bigint, currency text,
        "paymentMethod" text, "declineCode" text, provider text, reference text, reason text, actor text)
    )`;
}

function sealed(transaction: PaymentTransactionRecord): PaymentTransactionRecord {
  const { paymentMethod, provider } = transaction;
  // What was moved by hand has no token.
  return provider === 'EXTERNAL' ? transaction : { ...transaction, paymentMethod: sealPaymentMethod(paymentMethod) };
}

/**
 * Writes the states of steps, and charges and refunds with their events, of one order, which the caller's transaction has locked;
 * returns what the charges and refunds came to that were not on record before.
 */
export async function writeLedger(
  db: Db,
  orderId: string,
  steps: readonly StepRecord[],
  transactions: readonly PaymentTransactionRecord[] = [],
): Promise<readonly BookedStatus[]> {
  const { rows } = await sql<{ status: BookedStatus }>`
    with this as (select ${loggedColumns} from orders o where o.id = ${orderId}),
    steps as (${writeSteps('this', steps)}),
    ${bookTransactions('this', transactions)},
    events as (${insertEvents(selectPaymentEvents('this'))})
    select status from transactions`.execute(db);
  return rows.map(({ status }) => status);
}

/** Makes a charge captured that was on record as declined, with its event. The caller's transaction has locked the order. */
export async function correctDecline(
  db: Db,
  orderId: string,
  charge: PaymentTransactionRecord & { readonly status: 'CAPTURED' },
): Promise<void> {
  await sql`
    with this as (select ${loggedColumns} from orders o where o.id = ${orderId}),
    ${booking([charge])},
    transactions as (
      update order_payment_transactions t set status = ${charge.status}, payment_id = ${charge.paymentId ?? null}, decline_code = null
      from booking where t.idempotency_key = booking."idempotencyKey" and t.status = 'DECLINED'
      returning booking."idempotencyKey"
    )
    ${insertEvents(selectPaymentEvents('this'))}`.execute(db);
}

/** The last error of a step in the ledger; `undefined` if it has none. */
export async function findLastError(
  db: Db,
  orderId: string,
  { saga = CREATE_SAGA, step }: Pick<StepRecord, 'saga' | 'step'>,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('order_saga_steps')
    .select('last_error')
    .where('order_id', '=', orderId)
    .where('saga', '=', saga)
    .where('step', '=', step)
    .executeTakeFirst();
  return row?.last_error ?? undefined;
}
