import { sql, type Selectable } from 'kysely';
import { failureTypes } from '../domain/failures.ts';
import type { Stall } from '../domain/waiting-order.ts';
import type { Db } from './schema.ts';
import type { OrderStallsTable } from './schema/saga-tables.ts';

/** A healthy order goes through each of its steps in less time. */
const QUIET = sql.lit('4 seconds');

/** An attempt at a step that is being retried is written to the ledger when it ends, and the next one begins within three seconds. */
const SILENT = sql.lit('6 seconds');

/** Whatever it was that an order did not take, or why it needs attention, it has been looked at often enough by then. */
const REFUSED_LATELY = sql.lit('10 minutes');

/** Most of those that wait to be started have no workflow yet, in which to look; a crowd of them is not looked through. */
const NOT_STARTED = sql.lit(20);

/** Any number that is the same in every process. */
const WATCH_LOCK = 7_310_033;

/** Runs `watch` in a transaction, unless another process is at it right now. */
export async function watchAlone(db: Db, watch: (transaction: Db) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(${WATCH_LOCK}) as mine`.execute(transaction);
    if (rows[0]?.mine === true) await watch(transaction);
  });
}

/**
 * Ids of orders that should have gone on by now and of which nothing says why they don't, at most `limit` of each kind, and of those
 * that were found to wait before, the longest ago first. Steps that are being retried are on record already, as long as their attempts are written there.
 */
export async function findQuietOrders(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    (select o.id from orders o
      where o.status = 'PENDING' and o.workflow_started and o.created_at < now() - interval ${QUIET} and o.saga_state = 'RUNNING'
        and o.amend_until is null and ${isUnexplained('o.id')}
      order by o.created_at limit ${limit})
    union
    (select o.id from orders o
      where o.status = 'PENDING' and not o.workflow_started and o.created_at < now() - interval ${QUIET} and o.saga_state = 'RUNNING'
        and o.amend_until is null and ${isUnexplained('o.id')}
      order by o.created_at limit ${NOT_STARTED})
    union
    (select o.id from orders o where o.saga_state = 'COMPENSATING' and o.updated_at < now() - interval ${QUIET}
        and ${isUnexplained('o.id')} order by o.created_at limit ${limit})
    union
    (select a.order_id from order_amendments a where a.state = 'PLANNED' and a.created_at < now() - interval ${QUIET}
        and ${isUnexplained('a.order_id')} order by a.created_at limit ${limit})
    union
    (select r.order_id from order_returns r where r.state in ('OPEN', 'RESTOCKED') and r.created_at < now() - interval ${QUIET}
        and ${isUnexplained('r.order_id')} order by r.created_at limit ${limit})
    union
    (select r.order_id from order_refunds r where r.state = 'OPEN' and r.created_at < now() - interval ${QUIET}
        and ${isUnexplained('r.order_id')} order by r.created_at limit ${limit})
    union
    (select o.id from orders o where o.attention_since > now() - interval ${REFUSED_LATELY} and not o.is_disputed
        and ${isUnexplained('o.id')} order by o.attention_since desc limit ${limit})
    union
    (select s.order_id from order_saga_steps s where s.state = 'RUNNING' and s.updated_at < now() - interval ${SILENT}
        and not exists (select from order_stalls t where t.order_id = s.order_id)
        and ${isNotAwaited}
      order by s.updated_at desc limit ${limit})
    union
    (select l.order_id from audit_log l where l.status = 503 and l.order_id is not null
        and l.at > now() - interval ${REFUSED_LATELY} order by l.at desc limit ${limit})
    union
    (select t.order_id from order_stalls t order by t.seen_at limit ${limit})`.execute(db);
  return rows.map(({ id }) => id);
}

/** Those of the orders of which the projection doesn't say that they need attention. */
export async function findNotParked(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('orders')
    .select('id')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('saga_state', '<>', 'NEEDS_ATTENTION')
    .execute();
  return rows.map(({ id }) => id);
}

/** A step that waits for the answer of its service is not tried again meanwhile. */
const isNotAwaited = sql`coalesce(not starts_with(s.last_error, ${sql.lit(failureTypes.awaitingAnswer)}), true)`;

/** Whether neither the ledger nor the watcher has said what the order waits for. */
function isUnexplained(orderId: string) {
  const id = sql.ref(orderId);
  return sql`not exists (select from order_stalls t where t.order_id = ${id})
    and not exists (select from order_saga_steps s where s.order_id = ${id} and s.state in ('RUNNING', 'FAILED'))`;
}

/** What an order waits for of which only Temporal knows; `undefined` when it was not seen to wait so. */
export async function findStall(db: Db, orderId: string): Promise<Stall | undefined> {
  const row = await db.selectFrom('order_stalls').selectAll().where('order_id', '=', orderId).executeTakeFirst();
  return row && toStall(row);
}

/** A row as what it tells. */
export function toStall({
  order_id: orderId,
  cause,
  step,
  since,
  attempts,
  last_error: lastError,
}: Selectable<OrderStallsTable>): Stall {
  return { orderId, cause, step, since, attempts, lastError };
}

/**
 * Writes which of the orders in `seen` wait, and removes the others. One that was retried before keeps the moment since when, and the
 * attempts and the error of the ledger where Temporal tells none.
 */
export async function writeStalls(db: Db, seen: readonly string[], stalls: readonly Stall[]): Promise<void> {
  const waiting = stalls.map(({ orderId }) => orderId);
  await sql`
    with gone as (
      delete from order_stalls where order_id = any(${seen}::uuid[]) and order_id <> all(${waiting}::uuid[])
    )
    insert into order_stalls as t (order_id, cause, step, since, attempts, last_error)
    select r."orderId", r.cause, r.step, least(r.since, s.started_at), greatest(r.attempts, s.attempts, 0),
      coalesce(r."lastError", s.last_error)
    from jsonb_to_recordset(${JSON.stringify(stalls)}::jsonb) as r(
      "orderId" uuid, cause text, step text, since timestamptz, attempts integer, "lastError" text)
    join orders o on o.id = r."orderId" and (r.cause <> 'NEEDS_ATTENTION' or o.saga_state <> 'NEEDS_ATTENTION')
    left join lateral (
      select min(started_at) as started_at, max(attempts) as attempts, max(last_error) as last_error from order_saga_steps
      where order_id = o.id and step = r.step and state = 'RUNNING') s on true
    on conflict (order_id) do update set cause = excluded.cause, step = excluded.step, since = least(t.since, excluded.since),
      attempts = excluded.attempts, last_error = excluded.last_error, seen_at = now()`.execute(db);
}
