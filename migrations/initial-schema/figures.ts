import { sql, type Kysely } from 'kysely';

/** Figures about all orders, which cost the same however many orders there are. */
export async function createFigures(db: Kysely<unknown>): Promise<void> {
  // The number of orders with a status is the sum over the slots. Each connection counts in its own: two transactions that
  // counted in the same row would wait for each other.
  await sql`
    create table order_counts (
      status text not null,
      slot integer not null,
      orders bigint not null,
      primary key (status, slot)
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    create function count_accepted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_counts as c (status, slot, orders)
      select status, pg_backend_pid() % 1024, count(*) from accepted group by status order by status
      on conflict (status, slot) do update set orders = c.orders + excluded.orders;
      return null;
    end $$`.execute(db);
  await sql`
    create function count_moved_order() returns trigger language plpgsql as $$
    begin
      insert into order_counts as c (status, slot, orders)
      values (old.status, pg_backend_pid() % 1024, -1), (new.status, pg_backend_pid() % 1024, 1)
      on conflict (status, slot) do update set orders = c.orders + excluded.orders;
      return null;
    end $$`.execute(db);
  await sql`
    create function count_deleted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_counts as c (status, slot, orders)
      select status, pg_backend_pid() % 1024, -count(*) from deleted group by status order by status
      on conflict (status, slot) do update set orders = c.orders + excluded.orders;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger orders_accepted after insert on orders referencing new table as accepted
    for each statement execute function count_accepted_orders()`.execute(db);
  await sql`
    create trigger orders_moved after update of status on orders
    for each row when (old.status is distinct from new.status) execute function count_moved_order()`.execute(db);
  await sql`
    create trigger orders_deleted after delete on orders referencing old table as deleted
    for each statement execute function count_deleted_orders()`.execute(db);

  // What one process has measured and all of them show.
  await sql`
    create table metric_snapshots (
      name text primary key,
      -- By the process that measures it again.
      claimed_at timestamptz not null default '-infinity',
      taken_at timestamptz,
      value jsonb
    )`.execute(db);
}
