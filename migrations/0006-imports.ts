import { sql, type Kysely } from 'kysely';
import { importKinds, importOrderStates, importStatuses } from '../src/domain/import.ts';

/** Imports, the lines that were uploaded for them, and what became of each of their orders. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table imports (
      id uuid primary key,
      kind text not null check (kind in (${literals(importKinds)})),
      -- UPLOADING until the last byte is there: nobody is told of such an import, and one that is left behind is removed.
      status text not null default 'UPLOADING' check (status in ('UPLOADING', ${literals(importStatuses)})),
      status_version integer not null default 0,
      -- Who uploaded: every order is placed in their name.
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
      completed_at timestamptz
    )`.execute(db);
  await sql`
    create unique index imports_key_idx on imports (subject, idempotency_key)
    where idempotency_key is not null and status <> 'UPLOADING'`.execute(db);
  await sql`create index imports_open_idx on imports (touched_at) where completed_at is null`.execute(db);

  await sql`
    create table import_rows (
      import_id uuid not null references imports on delete cascade,
      -- The line of the file, the header being line 1.
      line integer not null,
      reference text not null,
      cells jsonb not null,
      primary key (import_id, line)
    )`.execute(db);
  await sql`create index import_rows_reference_idx on import_rows (import_id, reference, line)`.execute(db);

  await sql`
    create table import_orders (
      import_id uuid not null references imports on delete cascade,
      position integer not null,
      reference text not null,
      -- In a file; of a batch, null.
      first_line integer,
      line_count integer not null,
      -- The order as it was sent in a batch; that of a file is made of its lines.
      body jsonb,
      state text not null default 'WAITING' check (state in (${literals(importOrderStates)})),
      order_id uuid,
      failure jsonb,
      primary key (import_id, position)
    )`.execute(db);
  await sql`create index import_orders_reference_idx on import_orders (import_id, reference)`.execute(db);
  await sql`create index import_orders_state_idx on import_orders (import_id, state, position)`.execute(db);
}

/** Removes them; the orders stay. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table import_orders, import_rows, imports`.execute(db);
}

function literals(values: readonly string[]) {
  return sql.join(values.map((value) => sql.lit(value)));
}
