import { sql } from 'kysely';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Db } from './schema.ts';

/** An event that has just got its position. */
export interface SequencedEvent {
  readonly id: number;
  readonly subjectId: string;
}

/**
 * Makes `process` the one that publishes for the next `leaseMs`, unless another one is; also prolongs its time. The lease is no transaction: none
 * is open while a receiver is waited for, and what a process that has lost it still does is harmless (see `advanceSink`).
 */
export async function claimPublishing(db: Db, process: string, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    update event_sequence set leased_by = ${process},
      leased_until = clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'
    where leased_by = ${process} or leased_until < clock_timestamp() returning 1`.execute(db);
  return rows.length === 1;
}

/** Lets another process publish at once. */
export async function releasePublishing(db: Db, process: string): Promise<void> {
  await sql`
    update event_sequence set leased_by = null, leased_until = '-infinity' where leased_by = ${process}`.execute(db);
}

/**
 * Gives up to `limit` committed events that have no position the next ones, lowest id first. Returns them; none if `process` is not the one
 * that publishes.
 */
export async function sequenceEvents(db: Db, process: string, limit: number): Promise<SequencedEvent[]> {
  const { rows } = await sql<SequencedEvent>`
    select id, subject_id as "subjectId" from sequence_events(${process}, ${limit})`.execute(db);
  return rows;
}

/** The events of a sweep's statement; `last` is the position after which the next statement looks, and undefined if the rest is younger. */
export interface SweptEvents {
  readonly deleted: number;
  readonly last: number | undefined;
}

/**
 * Deletes events that were sequenced longer than `retentionMs` ago and that every sink has, with their deliveries, among the first `limit` after
 * the position `after`. It reads no further, so that it costs the same in a large table as in a small one; an old event that has still to be
 * delivered, or that is a dead letter, stays and holds up no other.
 */
export async function deletePublished(
  db: Db,
  retentionMs: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<SweptEvents> {
  const { rows } = await sql<{ deleted: number; last: number; seen: number; allOld: boolean | null }>`
    with bound as (select now() - ${retentionMs}::double precision * interval '1 millisecond' as at),
    seen as materialized (
      select id, position, sequenced_at from outbox
      where position > ${after}::bigint and position <= coalesce((select min(s.position) from event_sinks s), 9223372036854775807)
      order by position limit ${limit} for update skip locked
    ),
    gone as (
      delete from outbox using seen, bound
      where outbox.id = seen.id and seen.sequenced_at < bound.at
        and not exists (select from event_deliveries d where d.event_id = seen.id and d.state in ('PENDING', 'DEAD'))
      returning outbox.id
    ),
    -- The logs of webhook endpoints have a retention of their own.
    forgotten as (delete from event_deliveries d using gone where d.event_id = gone.id and d.sink not like 'webhook:%')
    select (select count(*) from gone) as deleted, coalesce(max(position), 0) as last, count(*) as seen,
      bool_and(sequenced_at < bound.at) as "allOld"
    from seen, bound`.execute(db);
  const { deleted = 0, last = 0, seen = 0, allOld = null } = rows[0] ?? {};
  return { deleted, last: seen === limit && allOld === true ? last : undefined };
}

/** The events with these ids that are kept. */
export async function findEvents(db: Db, ids: readonly number[]): Promise<OrderEvent[]> {
  const { rows } = await sql<OrderEvent>`
    select id, subject_id as "subjectId", type, payload, traceparent, created_at as "createdAt" from outbox
    where id = any(${ids}::bigint[])`.execute(db);
  return rows;
}
