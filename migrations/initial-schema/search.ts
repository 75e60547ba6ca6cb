import { sql, type Kysely, type RawBuilder } from 'kysely';

/**
 * What orders are searched by. Those whose text begins alike stand in the sequence of a list, for beginnings of several lengths: a page of
 * those that begin with one letter is read as fast as of those that begin with twenty. Triggers keep it, as an index is kept.
 */
export async function createSearch(db: Kysely<unknown>): Promise<void> {
  // No foreign key: it would be checked for each text of an order.
  await sql`
    create table order_search (
      order_id uuid not null,
      created_at timestamptz not null,
      -- In lower case.
      term text collate "C" not null
    )`.execute(db);
  await sql`create index order_search_order_idx on order_search (order_id)`.execute(db);
  // Few texts begin with what is longer than the beginnings below.
  await sql`create index order_search_term_idx on order_search (term)`.execute(db);
  // An order's number begins with four characters that all have, and its digits tell more with each.
  for (const length of [5, 6, 7, 8]) await createSearchIndex(db, length, sql`where term like 'ord-%'`);
  for (const length of [1, 2, 4]) await createSearchIndex(db, length, sql`where term not like 'ord-%'`);
  await sql`
    create function order_search_terms(o orders) returns text[] language sql immutable as $$
      select array(select distinct term from unnest(array[lower(o.order_number), lower(o.shipping_address->>'name'),
        lower(o.metadata->>'order_reference'), lower(o.tracking->>'number'), lower(o.payment_id)]) as term where term <> '') $$`.execute(
    db,
  );
  await sql`
    create function index_accepted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_search (order_id, created_at, term)
      select a.id, a.created_at, unnest(order_search_terms(a)) from accepted a;
      return null;
    end $$`.execute(db);
  await sql`
    create function index_changed_order() returns trigger language plpgsql as $$
    declare
      before text[] := order_search_terms(old);
      after text[] := order_search_terms(new);
    begin
      if not after @> before then
        delete from order_search where order_id = old.id and term <> all(after);
      end if;
      insert into order_search (order_id, created_at, term)
      select new.id, new.created_at, term from unnest(after) as term where term <> all(before);
      return null;
    end $$`.execute(db);
  await sql`
    create function unindex_deleted_orders() returns trigger language plpgsql as $$
    begin
      delete from order_search where order_id in (select id from deleted);
      return null;
    end $$`.execute(db);
  await sql`
    create trigger orders_search_accepted after insert on orders referencing new table as accepted
    for each statement execute function index_accepted_orders()`.execute(db);
  await sql`
    create trigger orders_search_changed after update of payment_id, tracking, shipping_address, metadata on orders
    for each row when (old.payment_id is distinct from new.payment_id or old.tracking is distinct from new.tracking
      or old.shipping_address is distinct from new.shipping_address or old.metadata is distinct from new.metadata)
    execute function index_changed_order()`.execute(db);
  await sql`
    create trigger orders_search_deleted after delete on orders referencing old table as deleted
    for each statement execute function unindex_deleted_orders()`.execute(db);
}

async function createSearchIndex(db: Kysely<unknown>, length: number, where: RawBuilder<unknown>): Promise<void> {
  const name = `order_search_${length}`;
  const prefix = sql`left(term, ${sql.lit(length)})`;
  await sql`
    create index ${sql.id(`${name}_idx`)} on order_search (${prefix}, created_at desc, order_id desc) ${where}`.execute(
    db,
  );
  // The planner doesn't use what is known of a partial index. Without it, many orders of one beginning would be taken for few, and sorted.
  await sql`create statistics ${sql.id(`${name}_stats`)} on (${prefix}) from order_search`.execute(db);
}
