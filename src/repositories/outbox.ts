import { sql } from 'kysely';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Db } from './schema.ts';

/**
 * Locks up to `limit` unpublished events for the caller's transaction, lowest id first, and skips those that others have locked.
 * An event is left out while its order has an earlier one that is neither published nor in the same batch: an order's events
 * are published in their order, whatever the number of publishers.
 */
export async function claimEvents(db: Db, limit: number): Promise<OrderEvent[]> {
  const { rows } = await sql<OrderEvent>`
    with locked as materialized (
      select id, order_id, type, payload, traceparent, created_at, attempts from outbox o
      where published_at is null and retry_at <= now()
        and not exists (
          select from outbox earlier
          where earlier.order_id = o.order_id and earlier.id < o.id and earlier.published_at is null and earlier.retry_at > now())
      order by id limit ${limit} for update of o skip locked
    )
    select id, order_id as "orderId", type, payload, traceparent, created_at as "createdAt", attempts
    from locked l
    where not exists (
      select from outbox earlier
      where earlier.order_id = l.order_id and earlier.id < l.id and earlier.published_at is null
        and earlier.id not in (select id from locked))
    order by id`.execute(db);
  return rows;
}

/** Writes that the events were published. */
export async function markPublished(db: Db, ids: readonly number[]): Promise<void> {
  await sql`update outbox set published_at = clock_timestamp() where id = any(${ids}::bigint[])`.execute(db);
}

/** Postpones events after a failed attempt: by a quarter of a second at first, twice as long each time, a minute at most. */
export async function postponeEvents(db: Db, ids: readonly number[]): Promise<void> {
  await sql`
    update outbox set attempts = attempts + 1,
      retry_at = clock_timestamp() + least(interval '1 minute', interval '250 milliseconds' * power(2, least(attempts, 10)))
    where id = any(${ids}::bigint[])`.execute(db);
}

/** The events of a sweep's statement; `last` is the one after which the next statement looks, and undefined if the rest is younger. */
export interface SweptEvents {
  readonly deleted: number;
  readonly last: number | undefined;
}

/**
 * Deletes events that were published longer than `retentionMs` ago, among the first `limit` after `after`. It reads no further, so that it
 * costs the same in a large table as in a small one; an old event that nobody has taken yet stays, and holds up no other.
 */
export async function deletePublished(
  db: Db,
  retentionMs: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<SweptEvents> {
  const { rows } = await sql<{ deleted: number; last: number; seen: number; allOld: boolean | null }>`
    with bound as (select now() - ${retentionMs}::double precision * interval '1 millisecond' as at),
    seen as materialized (
      select id, published_at, created_at from outbox where id > ${after}::bigint order by id limit ${limit} for update skip locked
    ),
    gone as (
      delete from outbox using seen, bound where outbox.id = seen.id and seen.published_at < bound.at returning 1
    )
    select (select count(*) from gone) as deleted, coalesce(max(id), 0) as last, count(*) as seen,
      bool_and(created_at < bound.at) as "allOld"
    from seen, bound`.execute(db);
  const { deleted = 0, last = 0, seen = 0, allOld = null } = rows[0] ?? {};
  return { deleted, last: seen === limit && allOld === true ? last : undefined };
}
