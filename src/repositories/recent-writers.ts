import { sql } from 'kysely';
import { batchCalls } from '../batch-calls.ts';
import { onePerDatabase } from './one-per-database.ts';
import type { Db } from './schema.ts';

/** A place in PostgreSQL's log, in bytes from its beginning: what is at or before it is in a database that has replayed so far. */
export type LogPosition = number;

/** Notes that `subject` has just written, with the log's position; calls at the same time share one statement. Every process sees it. */
export async function noteWriterInBatch(db: Db, subject: string): Promise<void> {
  await noters(db)(subject);
}

const LIMITS = { maxConcurrent: 2, maxSize: 256 };

const noters = onePerDatabase((db) =>
  batchCalls(LIMITS, async (subjects: readonly string[]) => {
    await sql`
      insert into recent_writers as r (subject, position, at)
      -- Sorted, so that two statements that share subjects lock them in the same sequence and can't deadlock.
      select distinct subject, pg_current_wal_insert_lsn(), now() from unnest(${subjects}::text[]) as subject order by subject
      on conflict (subject) do update set position = greatest(r.position, excluded.position), at = excluded.at`.execute(
      db,
    );
    return subjects.map(() => undefined);
  }),
);

/** Where the log stood when `subject` last wrote, if that was within `withinMs`. */
export async function findLastWrite(db: Db, subject: string, withinMs: number): Promise<LogPosition | undefined> {
  const { rows } = await sql<{ position: number }>`
    select (position - '0/0'::pg_lsn)::bigint as position from recent_writers
    where subject = ${subject} and at > now() - ${withinMs}::double precision * interval '1 millisecond'`.execute(db);
  return rows[0]?.position;
}

/** Removes up to `limit` notes that are older than `keepMs`; returns how many. */
export async function pruneRecentWriters(db: Db, keepMs: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from recent_writers where ctid = any(array(
      select ctid from recent_writers where at < now() - ${keepMs}::double precision * interval '1 millisecond'
      limit ${limit} for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Where the log of a database that is written to stands. */
export async function findWrittenPosition(db: Db): Promise<LogPosition> {
  const { rows } = await sql<{ position: number }>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint as position`.execute(db);
  return rows[0]!.position;
}

/** How far a replica has come. Null for a database that is no replica, or one that was promoted: it doesn't follow. */
export async function findReplayedPosition(db: Db): Promise<LogPosition | null> {
  const { rows } = await sql<{ position: number | null }>`
    select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint end as position`.execute(
    db,
  );
  return rows[0]!.position;
}
