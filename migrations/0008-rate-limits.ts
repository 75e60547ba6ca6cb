import { sql, type Kysely } from 'kysely';

/**
 * How much of their limit callers have used, as rate-limiter-flexible keeps it: `expire` is in milliseconds since 1970.
 * Not logged: a crash forgets a minute of counting, and every request is spared a write to disk.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create unlogged table rate_limits (
      key text primary key,
      points integer not null default 0,
      expire bigint
    ) with (fillfactor = 50)`.execute(db);
}

/** Removes it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table rate_limits`.execute(db);
}
