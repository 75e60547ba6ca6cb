import { sql, type Kysely } from 'kysely';

/** Orders may wait for a key that PAYLOAD_KEYS lacks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table order_stalls drop constraint order_stalls_cause_check, add constraint order_stalls_cause_check
      check (cause in ('RETRYING', 'NEEDS_ATTENTION', 'PAUSED', 'TASK_FAILING', 'KEY_MISSING', 'NO_WORKER'))`.execute(
    db,
  );
}

/** Leaves them out: the next look at Temporal finds them again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from order_stalls where cause = 'KEY_MISSING'`.execute(db);
  await sql`
    alter table order_stalls drop constraint order_stalls_cause_check, add constraint order_stalls_cause_check
      check (cause in ('RETRYING', 'NEEDS_ATTENTION', 'PAUSED', 'TASK_FAILING', 'NO_WORKER'))`.execute(db);
}
