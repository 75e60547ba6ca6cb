import { sql, type Kysely } from 'kysely';

/** What callers asked: under which key, by which staff, how often. */
export async function createAccessRecords(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table idempotency_keys (
      subject text not null,
      key text not null,
      body_hash text not null,
      -- No foreign key: the key stays when the order is archived.
      order_id uuid not null,
      created_at timestamptz not null default now(),
      primary key (subject, key)
    )`.execute(db);
  await sql`create index idempotency_keys_created_idx on idempotency_keys (created_at)`.execute(db);

  await sql`
    create table command_keys (
      target uuid not null,
      command_id text not null,
      body_hash text not null,
      created_at timestamptz not null default now(),
      primary key (target, command_id)
    )`.execute(db);
  await sql`create index command_keys_created_idx on command_keys (created_at)`.execute(db);

  await sql`
    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      subject text not null,
      roles text[] not null,
      operation text not null,
      -- No foreign key: the entry stays when the order is deleted.
      order_id uuid,
      -- What was asked for, with its query.
      path text not null,
      request_id text not null,
      reason text,
      -- Null while the operation runs, or if it was interrupted.
      status smallint,
      completed_at timestamptz
    )`.execute(db);
  await sql`create index audit_log_at_idx on audit_log (at desc, id desc)`.execute(db);
  await sql`
    create index audit_log_order_idx on audit_log (order_id, at desc, id desc)
    where order_id is not null`.execute(db);
  await sql`create index audit_log_subject_idx on audit_log (subject, at desc, id desc)`.execute(db);
  await sql`create index audit_log_operation_idx on audit_log (operation, at desc, id desc)`.execute(db);
  // Commands that an order's workflow did not take: they are rare, and tell where to look.
  await sql`
    create index audit_log_unavailable_idx on audit_log (at)
    where status = 503 and order_id is not null`.execute(db);

  await sql`
    create table console_sessions (
      -- SHA-256 of what the browser has: who reads the table can't use it.
      id_hash text primary key,
      subject text not null,
      name text not null,
      roles text[] not null,
      created_at timestamptz not null default now(),
      -- Within a minute.
      seen_at timestamptz not null default now(),
      expires_at timestamptz not null
    )`.execute(db);
  await sql`create index console_sessions_seen_idx on console_sessions (seen_at)`.execute(db);

  // Whose writes a replica must have before it answers them. Unlogged: after a crash a replica is not read before it has come up to the log.
  await sql`
    create unlogged table recent_writers (
      subject text primary key,
      position pg_lsn not null,
      at timestamptz not null
    ) with (fillfactor = 50)`.execute(db);

  // As rate-limiter-flexible keeps it: expire is in milliseconds since 1970. Unlogged: a crash forgets a minute of counting,
  // and no request waits for a disk.
  await sql`
    create unlogged table rate_limits (
      key text primary key,
      points integer not null default 0,
      expire bigint
    ) with (fillfactor = 50)`.execute(db);

  // A row for each process that has sagas to start. Unlogged: after a crash processes measure anew.
  await sql`
    create unlogged table start_figures (
      process text primary key,
      seen_at timestamptz not null,
      window_size float8,
      latency_ms float8,
      idle_latency_ms float8,
      per_second float8 not null,
      period_ms float8 not null
    ) with (fillfactor = 50)`.execute(db);
}
