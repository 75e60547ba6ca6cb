import { sql, type Kysely } from 'kysely';

/** Reports that compare the payment service's list with our books, and the differences that they found. */
export async function createPaymentReports(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table payment_reports (
      id uuid primary key,
      from_at timestamptz not null,
      to_at timestamptz not null,
      state text not null check (state in ('RUNNING', 'DONE', 'FAILED')),
      actor text not null,
      -- Where the payment service's list goes on; null before its first page.
      cursor text,
      is_listed boolean not null default false,
      payments bigint not null default 0,
      orders bigint not null default 0,
      in_flight bigint not null default 0,
      workflow_started boolean not null default false,
      problem text,
      created_at timestamptz not null default now(),
      ended_at timestamptz
    )`.execute(db);
  await sql`create index payment_reports_created_idx on payment_reports (created_at desc)`.execute(db);
  await sql`create index payment_reports_to_start_idx on payment_reports (created_at) where not workflow_started`.execute(
    db,
  );

  await sql`
    create table payment_differences (
      report_id uuid not null references payment_reports on delete cascade,
      position integer not null,
      kind text not null check (kind in (
        'MISSING_AT_PROVIDER', 'MISSING_WITH_US', 'AMOUNT', 'CURRENCY', 'STATUS', 'REFUNDED', 'DUPLICATED')),
      order_id text,
      payment_id text,
      idempotency_key text,
      ours text,
      theirs text,
      primary key (report_id, position)
    )`.execute(db);

  // What the payment service has told of, and the orders that are still to be compared, while a report is made; gone once it has ended.
  await sql`
    create table payment_report_listed (
      report_id uuid not null references payment_reports on delete cascade,
      payment_id text not null,
      order_id text not null,
      payment jsonb not null,
      primary key (report_id, payment_id)
    )`.execute(db);
  await sql`create index payment_report_listed_order_idx on payment_report_listed (report_id, order_id)`.execute(db);
  await sql`
    create table payment_report_orders (
      report_id uuid not null references payment_reports on delete cascade,
      order_id text not null,
      primary key (report_id, order_id)
    )`.execute(db);
}
