import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** The snapshot of the figures about all orders. */
export const ORDER_FIGURES = 'orders';

/** The snapshot that says when the reconciler's last pass ended well. */
export const RECONCILER_PASS = 'reconciler';

/** A pass over the orders that wait, of which nothing is kept but that a process has begun it. */
export const STALL_PASS = 'stalls';

/** What was measured, and how long ago in seconds. */
export interface Snapshot {
  readonly value: unknown;
  readonly ageS: number;
}

/** The latest snapshot of this name; `undefined` before the first. */
export async function readSnapshot(db: Db, name: string): Promise<Snapshot | undefined> {
  const row = await db
    .selectFrom('metric_snapshots')
    .select(['value', sql<number>`extract(epoch from now() - taken_at)::float8`.as('ageS')])
    .where('name', '=', name)
    .where('taken_at', 'is not', null)
    .executeTakeFirst();
  return row;
}

/**
 * Whether the caller is to measure it: at most one process gets `true` within `leaseMs`, and none as long as the latest snapshot
 * is younger than `maxAgeMs`.
 */
export async function claimSnapshot(
  db: Db,
  name: string,
  { maxAgeMs, leaseMs }: { readonly maxAgeMs: number; readonly leaseMs: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into metric_snapshots as s (name, claimed_at) values (${name}, now())
    on conflict (name) do update set claimed_at = now()
    where s.claimed_at < now() - ${leaseMs}::double precision * interval '1 millisecond'
      and coalesce(s.taken_at < now() - ${maxAgeMs}::double precision * interval '1 millisecond', true)
    returning 1`.execute(db);
  return rows.length === 1;
}

/** Writes what was measured just now. */
export async function writeSnapshot(db: Db, name: string, value: unknown): Promise<void> {
  await sql`
    insert into metric_snapshots as s (name, taken_at, value) values (${name}, now(), ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set taken_at = excluded.taken_at, value = excluded.value`.execute(db);
}
