import { sql, type Kysely } from 'kysely';

/** Tables that get several rows of an order in one statement. */
const referring = ['order_items', 'order_status_history', 'order_payment_transactions', 'order_shipments'];

/**
 * Foreign keys of orders that are checked once a statement. PostgreSQL checks its own row by row, which was a sixth of its work for an
 * order that is taken in with nine rows; so these are declared and not enforced by it, and triggers promise the same: no row without
 * its order, none that changes its order, and none left behind. As with PostgreSQL's own, whoever adds a row locks its order's key until the
 * commit: whoever deletes the order waits for that, and sees the row, in a transaction that reads what is committed, as all here do.
 */
export async function createOrderReferences(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function require_orders() returns trigger language plpgsql as $$
    begin
      if exists (
        select from (select distinct order_id from added) as a
        where not exists (select from public.orders o where o.id = a.order_id for key share)
      ) then
        raise foreign_key_violation using table = tg_table_name, message = format('a row of %I has no order', tg_table_name);
      end if;
      return null;
    end $$`.execute(db);
  await sql`
    create function keep_order() returns trigger language plpgsql as $$
    begin
      raise foreign_key_violation using table = tg_table_name, message = format('a row of %I stays with its order', tg_table_name);
    end $$`.execute(db);
  for (const table of referring.map((name) => sql.id(name))) {
    await sql`
      create trigger require_orders after insert on ${table} referencing new table as added
      for each statement execute function require_orders()`.execute(db);
    await sql`
      create trigger keep_order before update of order_id on ${table}
      for each row when (old.order_id <> new.order_id) execute function keep_order()`.execute(db);
  }
  await sql`
    create trigger keep_order before update of id on orders
    for each row when (old.id <> new.id) execute function keep_order()`.execute(db);
  const deletes = referring.map((table) => `delete from public.${table} where order_id in (select id from deleted);`);
  await sql`
    create function delete_rows_of_orders() returns trigger language plpgsql as $$
    begin
      ${sql.raw(deletes.join('\n      '))}
      return null;
    end $$`.execute(db);
  await sql`
    create trigger delete_rows_of_orders after delete on orders referencing old table as deleted
    for each statement execute function delete_rows_of_orders()`.execute(db);
}
