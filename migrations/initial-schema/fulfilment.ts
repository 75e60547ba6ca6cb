import { sql, type Kysely } from 'kysely';

/** What may become of an order once it is confirmed: shipments, amendments, edits, returns, refunds. */
export async function createChangesAfterConfirming(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table order_shipments (
      id uuid primary key default gen_random_uuid(),
      order_id uuid not null references orders on delete cascade,
      -- Names the command that sent it, so that it is written once.
      shipment_key text not null,
      items jsonb not null,
      carrier text,
      tracking_number text,
      actor text not null,
      reason text,
      shipped_at timestamptz not null default now(),
      -- As the carrier says.
      delivered_at timestamptz,
      unique (order_id, shipment_key)
    )`.execute(db);

  // What staff writes down about an order for each other.
  await sql`
    create table order_notes (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      -- Names the request that wrote it, so that it is written once.
      note_key text not null,
      text text not null,
      author text not null,
      at timestamptz not null default now(),
      unique (order_id, note_key)
    )`.execute(db);

  await sql`
    create table order_amendments (
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      command_id text not null,
      state text not null check (state in ('PLANNED', 'DONE', 'FAILED')),
      actor text not null,
      reason text,
      items jsonb not null,
      amounts jsonb not null,
      tax_rate integer not null check (tax_rate between 0 and 100000),
      -- Such as the address on which the tax depends.
      details jsonb,
      difference_minor bigint not null,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      primary key (order_id, number),
      unique (order_id, command_id)
    )`.execute(db);
  await sql`
    create index order_amendments_planned_idx on order_amendments (created_at)
    where state = 'PLANNED'`.execute(db);

  await sql`
    create table order_edits (
      order_id uuid not null references orders on delete cascade,
      -- The command that carries it out.
      command_id text not null,
      details jsonb not null,
      created_at timestamptz not null default now(),
      primary key (order_id, command_id)
    )`.execute(db);

  await sql`
    create table order_returns (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      state text not null check (state in ('OPEN', 'RESTOCKED', 'REFUNDED', 'UNREFUNDED', 'REJECTED')),
      actor text not null,
      reason text not null,
      items jsonb not null,
      refund_minor bigint not null check (refund_minor >= 0),
      is_whole boolean not null,
      created_at timestamptz not null default now(),
      -- When the relay last told the saga of it; a return that the saga hasn't heard of is told again.
      told_at timestamptz,
      ended_at timestamptz,
      unique (order_id, number)
    )`.execute(db);
  await sql`
    create index order_returns_open_idx on order_returns (created_at)
    where state in ('OPEN', 'RESTOCKED')`.execute(db);

  await sql`
    create table order_refunds (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      state text not null check (state in ('OPEN', 'REFUNDED', 'REJECTED')),
      amount_minor bigint not null check (amount_minor > 0),
      refunded_minor bigint not null default 0 check (refunded_minor between 0 and amount_minor),
      -- Whether the customer is sent a message.
      notifies boolean not null,
      actor text not null,
      reason text not null,
      created_at timestamptz not null default now(),
      -- The key of the refund that has failed at the payment service, in whose place this one is.
      replaces text,
      -- Whether somebody has to give the money back by hand, or decide that the payment service tries again.
      is_due_by_hand boolean not null default false,
      -- When the relay last told the saga of it; a refund that the saga hasn't heard of is told again.
      told_at timestamptz,
      ended_at timestamptz,
      unique (order_id, number)
    )`.execute(db);
  await sql`create index order_refunds_open_idx on order_refunds (created_at) where state = 'OPEN'`.execute(db);
}
