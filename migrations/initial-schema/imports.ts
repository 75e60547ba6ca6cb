import { sql, type Kysely } from 'kysely';

/** Imports, their rows and their orders. */
export async function createImports(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table imports (
      id uuid primary key,
      kind text not null check (kind in ('csv', 'batch')),
      -- UPLOADING until the last byte has arrived: such an import is not shown to anybody, and is removed if it is abandoned.
      status text not null default 'UPLOADING' check (status in (
        'UPLOADING', 'RUNNING', 'PAUSED', 'CANCELLED', 'COMPLETED')),
      status_version integer not null default 0,
      -- Who uploaded it: its orders are placed in their name.
      subject text not null,
      roles text[] not null,
      actor text not null,
      idempotency_key text,
      body_hash text,
      file_name text,
      format jsonb,
      row_count integer not null default 0,
      order_count integer not null default 0,
      workflow_started boolean not null default false,
      start_claimed_at timestamptz,
      touched_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      completed_at timestamptz,
      -- How its orders ended, once it is complete.
      final_progress jsonb,
      -- Its rows are past their retention and are being removed, or gone.
      rows_expired boolean not null default false,
      rows_removed_at timestamptz,
      -- Who acknowledged its failed orders; it is no longer in the queue of imports with errors then.
      acknowledged_at timestamptz,
      acknowledged_by text
    )`.execute(db);
  await sql`
    create unique index imports_key_idx on imports (subject, idempotency_key)
    where idempotency_key is not null and status <> 'UPLOADING'`.execute(db);
  await sql`create index imports_list_idx on imports (created_at, id) where status <> 'UPLOADING'`.execute(db);
  await sql`create index imports_subject_idx on imports (subject, created_at, id) where status <> 'UPLOADING'`.execute(
    db,
  );
  await sql`create index imports_open_idx on imports (touched_at) where completed_at is null`.execute(db);
  await sql`create index imports_ended_idx on imports (completed_at) where rows_removed_at is null`.execute(db);

  await sql`
    create table import_rows (
      import_id uuid not null references imports on delete cascade,
      -- The line in the file; the header is line 1.
      line integer not null,
      reference text not null,
      -- Card numbers are masked.
      cells jsonb not null,
      -- What was wrong with it when it was read: its order is refused.
      faults jsonb,
      primary key (import_id, line)
    )`.execute(db);
  await sql`create index import_rows_reference_idx on import_rows (import_id, reference, line)`.execute(db);

  await sql`
    create table import_orders (
      import_id uuid not null references imports on delete cascade,
      position integer not null,
      reference text not null,
      -- Null for an order of a batch.
      first_line integer,
      line_count integer not null,
      -- The order as it was sent in a batch; null for an order of a file, which is made of its lines.
      body jsonb,
      state text not null default 'WAITING' check (state in (
        'WAITING', 'PLACED', 'CONFIRMED', 'FAILED', 'REPEATED', 'CANCELLED')),
      order_id uuid,
      failure jsonb,
      -- Its goods may have been taken out of stock for an order that is not written yet.
      takes_stock boolean not null default false,
      primary key (import_id, position)
    )`.execute(db);
  await sql`create index import_orders_reference_idx on import_orders (import_id, reference)`.execute(db);
  await sql`create index import_orders_state_idx on import_orders (import_id, state, position)`.execute(db);
  await sql`create index import_orders_stock_idx on import_orders (import_id, position) where takes_stock`.execute(db);
}
