import { sql, type Kysely } from 'kysely';

/** Who of the staff did what, written before it is done and completed after. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      subject text not null,
      roles text[] not null,
      operation text not null,
      -- No reference: what was done outlives what it was done to.
      order_id uuid,
      request_id text not null,
      reason text,
      -- Null while it is being done, or when that was cut short.
      status smallint,
      completed_at timestamptz
    )`.execute(db);
  await sql`create index audit_log_at_idx on audit_log (at desc, id desc)`.execute(db);
  await sql`create index audit_log_order_idx on audit_log (order_id, at desc, id desc) where order_id is not null`.execute(
    db,
  );
  await sql`create index audit_log_subject_idx on audit_log (subject, at desc, id desc)`.execute(db);
}

/** Removes it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table audit_log`.execute(db);
}
