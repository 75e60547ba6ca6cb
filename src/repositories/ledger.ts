import { sql } from 'kysely';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import { CREATE_SAGA, type StepRecord } from '../domain/saga.ts';
import type { Db } from './schema.ts';

/** A statement that writes the states of steps into the ledger of each order in `source`, a query with a column `id`. */
export function writeSteps(source: string, steps: readonly StepRecord[]) {
  return sql`
    insert into order_saga_steps as s (order_id, saga, step, state, attempts, last_error, actor, started_at)
    select o.id, coalesce(r.saga, ${CREATE_SAGA}), r.step, r.state, r.attempts, r."lastError", coalesce(r.actor, ${SAGA_ACTOR}),
      coalesce(r."startedAt", now())
    from ${sql.ref(source)} o, jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as r(
      saga text, step text, state text, attempts integer, "lastError" text, actor text, "startedAt" timestamptz)
    on conflict (order_id, saga, step) do update set state = excluded.state, attempts = greatest(s.attempts, excluded.attempts),
      last_error = coalesce(excluded.last_error, s.last_error), actor = excluded.actor, updated_at = now()`;
}

/** A statement that writes charges and refunds of each order in `source`, each once. */
export function writeTransactions(source: string, transactions: readonly PaymentTransactionRecord[]) {
  return sql`
    insert into order_payment_transactions
      (order_id, idempotency_key, kind, status, payment_id, amount_minor, currency, payment_method, decline_code)
    select o.id, r."idempotencyKey", r.kind, r.status, r."paymentId", r."amountMinor", r.currency, r."paymentMethod", r."declineCode"
    from ${sql.ref(source)} o, jsonb_to_recordset(${JSON.stringify(transactions)}::jsonb) as r(
      "idempotencyKey" text, kind text, status text, "paymentId" text, "amountMinor" bigint, currency text,
      "paymentMethod" text, "declineCode" text)
    on conflict (idempotency_key) do nothing`;
}

/** Writes the states of steps, and charges and refunds, of one order, which the caller's transaction has locked. */
export async function writeLedger(
  db: Db,
  orderId: string,
  steps: readonly StepRecord[],
  transactions: readonly PaymentTransactionRecord[] = [],
): Promise<void> {
  await sql`
    with this as (select ${orderId}::uuid as id),
    steps as (${writeSteps('this', steps)})
    ${writeTransactions('this', transactions)}`.execute(db);
}
