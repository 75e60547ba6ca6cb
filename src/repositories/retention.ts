import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/** Removes up to `limit` rows that are older than `keepMs` and not needed any more, the oldest first; returns how many. */
export type Prune = (db: Db, keepMs: number, limit: number) => Promise<number>;

/** Removes entries of the audit log, none that is younger than thirty days. */
export const pruneAuditLog: Prune = async (db, keepMs, limit) => {
  const { rows } = await sql<{ removed: number }>`
    select prune_audit_log(${milliseconds(keepMs)}, ${limit}) as removed`.execute(db);
  return rows[0]?.removed ?? 0;
};

/** Removes keys under which orders were placed. While an import is open its orders' keys stay: with them a range that is run again places none twice. */
export const pruneIdempotencyKeys: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys
      where created_at < least(now() - ${milliseconds(keepMs)}, (select min(created_at) from imports where completed_at is null))
      order by created_at limit ${limit}))`,
  );

/** Removes keys of commands. */
export const pruneCommandKeys: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from command_keys where ctid = any(array(
      select ctid from command_keys where created_at < now() - ${milliseconds(keepMs)}
      order by created_at limit ${limit} for update skip locked))`,
  );

/** Removes messages of the payment service that are handled and whose order is closed; an open one may still be settled by them. */
export const prunePaymentWebhooks: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from payment_webhooks where ctid = any(array(
      select w.ctid from payment_webhooks w
      where w.received_at < now() - ${milliseconds(keepMs)} and w.effect is not null
        and not exists (
          select from orders o
          where o.id = case when pg_input_is_valid(w.order_id, 'uuid') then w.order_id::uuid end
            and o.status not in ('CANCELLED', 'REFUNDED', 'DELIVERED'))
      order by w.received_at limit ${limit} for update of w skip locked))`,
  );

/** Removes events of other services that are applied, or were dropped. */
export const pruneInbox: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from inbox where ctid = any(array(
      select ctid from inbox where state in ('APPLIED', 'IGNORED') and handled_at < now() - ${milliseconds(keepMs)}
      order by handled_at limit ${limit} for update skip locked))`,
  );

/** Removes records of mails that nobody has taken up for as long, sent or given up. */
export const pruneSentMessages: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from sent_messages where key = any(array(
      select key from sent_messages where taken_until < now() - ${milliseconds(keepMs)}
      order by taken_until limit ${limit} for update skip locked))`,
  );

/**
 * Removes what is remembered of intents at Stripe once their order is archived, none that is younger than a year: until then its payment may be
 * disputed, or its refund fail.
 */
export const pruneStripeIntents: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from stripe_intents where idempotency_key = any(array(
      select i.idempotency_key from stripe_intents i
      where i.started_at < now() - ${atLeastAYear(keepMs)} and not exists (select from orders o where ${isOrder('i.order_id')})
      order by i.started_at limit ${limit} for update skip locked))`,
  );

/** Removes the tombstones of such orders and of their charges. */
export const pruneStripeVoids: Prune = (db, keepMs, limit) =>
  countRemoved(
    db,
    sql`
    delete from stripe_voids where voided = any(array(
      select v.voided from stripe_voids v
      where v.voided_at < now() - ${atLeastAYear(keepMs)}
        and not exists (select from orders o where ${isOrder("split_part(v.voided, ':', 1)")})
        and not exists (select from stripe_intents i where i.order_id = split_part(v.voided, ':', 1))
      order by v.voided_at limit ${limit}))`,
  );

function atLeastAYear(durationMs: number): RawBuilder<unknown> {
  return sql`greatest(${milliseconds(durationMs)}, interval '1 year')`;
}

/** Whether the order `o` has the id that a text holds. */
function isOrder(text: string): RawBuilder<unknown> {
  return sql`o.id = case when pg_input_is_valid(${sql.raw(text)}, 'uuid') then ${sql.raw(text)}::uuid end`;
}

function milliseconds(durationMs: number): RawBuilder<unknown> {
  return sql`${durationMs}::double precision * interval '1 millisecond'`;
}

async function countRemoved(db: Db, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await statement.execute(db);
  return Number(numAffectedRows ?? 0);
}
