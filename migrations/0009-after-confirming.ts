import { sql, type Kysely } from 'kysely';
import { amendmentStates } from '../src/domain/amendment.ts';
import { changeKinds } from '../src/domain/order-change.ts';
import { returnStates } from '../src/domain/order-return.ts';

/** What happens to an order after it is confirmed: amendments, shipments, returns, each with its own saga in the ledger. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table orders
      add column amend_until timestamptz`.execute(db);
  await sql`
    alter table order_items
      add column shipped_quantity integer not null default 0,
      add column returned_quantity integer not null default 0,
      add constraint order_items_shipped_check check (shipped_quantity between 0 and quantity),
      add constraint order_items_returned_check check (returned_quantity between 0 and shipped_quantity)`.execute(db);
  await sql`
    update order_items i set shipped_quantity = quantity
    from orders o where o.id = i.order_id and o.status in ('SHIPPED', 'DELIVERED')`.execute(db);
  await sql`
    alter table order_status_history
      add column change text not null default 'STATUS' check (change in (${literals(changeKinds)}))`.execute(db);
  await sql`
    alter table order_saga_steps
      add column saga text not null default 'create',
      drop constraint order_saga_steps_pkey,
      add primary key (order_id, saga, step)`.execute(db);

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
      unique (order_id, shipment_key)
    )`.execute(db);

  await sql`
    create table order_amendments (
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      command_id text not null,
      state text not null check (state in (${literals(amendmentStates)})),
      actor text not null,
      reason text,
      items jsonb not null,
      amounts jsonb not null,
      difference_minor bigint not null,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      primary key (order_id, number),
      unique (order_id, command_id)
    )`.execute(db);

  await sql`
    create table order_returns (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      state text not null check (state in (${literals(returnStates)})),
      actor text not null,
      reason text not null,
      items jsonb not null,
      refund_minor bigint not null check (refund_minor >= 0),
      is_whole boolean not null,
      created_at timestamptz not null default now(),
      -- When the saga was last told of it, so that one that was not told is told again.
      told_at timestamptz,
      ended_at timestamptz,
      unique (order_id, number)
    )`.execute(db);
  await sql`create index order_returns_open_idx on order_returns (created_at) where state in ('OPEN', 'RESTOCKED')`.execute(
    db,
  );
}

/** Forgets it all. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table order_returns, order_amendments, order_shipments`.execute(db);
  await sql`delete from order_saga_steps where saga <> 'create'`.execute(db);
  await sql`alter table order_saga_steps drop constraint order_saga_steps_pkey, add primary key (order_id, step)`.execute(
    db,
  );
  await sql`alter table order_saga_steps drop column saga`.execute(db);
  await sql`delete from order_status_history where change <> 'STATUS'`.execute(db);
  await sql`alter table order_status_history drop column change`.execute(db);
  await sql`alter table order_items drop column shipped_quantity, drop column returned_quantity`.execute(db);
  await sql`alter table orders drop column amend_until`.execute(db);
}

function literals(values: readonly string[]) {
  return sql.join(values.map((value) => sql.lit(value)));
}
