import { sql, type Kysely } from 'kysely';

/**
 * How many orders of an import have which state, without reading them all. It is the sum over the slots: each connection counts in its own, since
 * two transactions that counted in the same row would wait for each other. Orders are removed only of imports that are complete, whose counts
 * `imports.final_progress` has.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table import_counts (
      import_id uuid not null references imports on delete cascade,
      state text not null,
      slot integer not null,
      orders bigint not null,
      -- Of these, how many name an order.
      with_order bigint not null,
      -- The lines of those about which something is told.
      error_lines bigint not null,
      primary key (import_id, state, slot)
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    create function count_new_import_orders() returns trigger language plpgsql as $$
    begin
      ${countFrom(sql`(select 1 as sign, * from given) as changed`)};
      return null;
    end $$`.execute(db);
  await sql`
    create function count_changed_import_orders() returns trigger language plpgsql as $$
    begin
      ${countFrom(sql`(select 1 as sign, * from given union all select -1, * from before) as changed`)};
      return null;
    end $$`.execute(db);
  await sql`
    create trigger import_orders_new after insert on import_orders referencing new table as given
    for each statement execute function count_new_import_orders()`.execute(db);
  await sql`
    create trigger import_orders_changed after update on import_orders referencing old table as before new table as given
    for each statement execute function count_changed_import_orders()`.execute(db);
  await countFrom(sql`(
    select 1 as sign, o.* from import_orders as o join imports as i on i.id = o.import_id where i.final_progress is null
  ) as changed`).execute(db);
}

/** Nothing is lost: `up` counts the orders again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger import_orders_new on import_orders`.execute(db);
  await sql`drop trigger import_orders_changed on import_orders`.execute(db);
  await sql`drop function count_new_import_orders, count_changed_import_orders`.execute(db);
  await sql`drop table import_counts`.execute(db);
}

/** Adds what changed to the counts of this connection. */
function countFrom(changed: ReturnType<typeof sql>) {
  return sql`
    insert into import_counts as c (import_id, state, slot, orders, with_order, error_lines)
    select import_id, state, pg_backend_pid() % 1024, sum(sign), coalesce(sum(sign) filter (where order_id is not null), 0),
      -- Of an order on record that the file says something else of, the difference is told.
      coalesce(sum(sign * line_count) filter (where state in ('FAILED', 'CANCELLED') or failure is not null), 0)
    from ${changed}
    group by import_id, state order by import_id, state
    on conflict (import_id, state, slot) do update set
      orders = c.orders + excluded.orders, with_order = c.with_order + excluded.with_order, error_lines = c.error_lines + excluded.error_lines`;
}
