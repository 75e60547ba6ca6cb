import { sql, type Kysely, type RawBuilder } from 'kysely';

/** No two entries of such an index are alike: looking for those that are would be work for nothing. */
const UNLIKE = sql`(deduplicate_items = off)`;

/**
 * What orders are searched by. Those whose text begins alike stand in the sequence of a list, for beginnings of several lengths: a page of
 * those that begin with one letter is read as fast as of those that begin with twenty. Triggers keep it, as an index is kept.
 */
export async function createSearch(db: Kysely<unknown>): Promise<void> {
  // No foreign key, which would be checked for each text of an order, and no index by order, which would be written for each: triggers know an order's texts.
  await sql`
    create table order_search (
      order_id uuid not null,
      created_at timestamptz not null,
      -- As the function search_fold writes it.
      term text collate "C" not null
    )`.execute(db);
  // Few texts begin with what is longer than the beginnings below, and those that are a whole text stand in the sequence of a list.
  await sql`
    create index order_search_term_idx on order_search (term, created_at desc, order_id desc) with ${UNLIKE}`.execute(
    db,
  );
  // An order's number begins with four characters that all have, and its digits tell more with each.
  for (const length of [5, 6, 7, 8]) await createSearchIndex(db, length, sql`where term like 'ord-%'`);
  for (const length of [1, 2, 4]) await createSearchIndex(db, length, sql`where term not like 'ord-%'`);
  await createSearchTerms(db);
  await sql`
    create function index_accepted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_search (order_id, created_at, term)
      select a.id, a.created_at, found.term from accepted a, lateral (
        select distinct folded.term from (select search_fold(t) as term from unnest(order_search_texts(a)) as t offset 0) as folded
        where folded.term <> '') as found;
      return null;
    end $$`.execute(db);
  await sql`
    create function index_changed_order() returns trigger language plpgsql as $$
    declare
      shipped text[] := shipped_search_terms(new.id);
      before text[] := order_search_terms(old);
      after text[] := order_search_terms(new);
      gone text[] := array(select t from unnest(before) as t where t <> all(after || shipped));
    begin
      if cardinality(gone) > 0 then
        delete from order_search where term = any(gone) and created_at = old.created_at and order_id = old.id;
      end if;
      insert into order_search (order_id, created_at, term)
      select distinct new.id, new.created_at, t from unnest(after) as t
      where t <> all(before)
        -- A shipment of the same statement is there already, and leaves to the order what the order is found by.
        and (t <> all(shipped) or not exists (
          select from order_search s where s.term = t and s.created_at = new.created_at and s.order_id = new.id));
      return null;
    end $$`.execute(db);
  await sql`
    create function index_paid_order() returns trigger language plpgsql as $$
    declare
      paid text := search_fold(new.payment_id);
    begin
      insert into order_search (order_id, created_at, term)
      select new.id, new.created_at, paid
      where paid <> '' and not exists (
        select from order_search s where s.term = paid and s.created_at = new.created_at and s.order_id = new.id);
      return null;
    end $$`.execute(db);
  await sql`
    create function index_shipment() returns trigger language plpgsql as $$
    begin
      delete from order_search s using orders o
      where o.id = new.order_id and s.term = search_fold(old.tracking_number) and s.created_at = o.created_at and s.order_id = o.id
        and s.term <> all(order_search_terms(o) || shipped_search_terms(o.id));
      insert into order_search (order_id, created_at, term)
      select o.id, o.created_at, search_fold(new.tracking_number) from orders o
      where o.id = new.order_id and new.tracking_number <> ''
        and not exists (
          select from order_search s
          where s.term = search_fold(new.tracking_number) and s.created_at = o.created_at and s.order_id = o.id);
      return null;
    end $$`.execute(db);
  // What the order itself is found by is written for the order.
  await sql`
    create function index_new_shipments() returns trigger language plpgsql as $$
    begin
      insert into order_search (order_id, created_at, term)
      select distinct o.id, o.created_at, search_fold(s.tracking_number) from shipped s join orders o on o.id = s.order_id
      where s.tracking_number <> '' and search_fold(s.tracking_number) <> all(order_search_terms(o))
        and not exists (
          select from order_search t
          where t.term = search_fold(s.tracking_number) and t.created_at = o.created_at and t.order_id = o.id);
      return null;
    end $$`.execute(db);
  await sql`
    create function unindex_deleted_orders() returns trigger language plpgsql as $$
    begin
      delete from order_search s using (
        select distinct d.id, d.created_at, search_fold(t) as term from deleted d, unnest(order_search_texts(d)) as t where t <> '') as gone
      where s.term = gone.term and s.created_at = gone.created_at and s.order_id = gone.id;
      return null;
    end $$`.execute(db);
  await sql`
    create function unindex_deleted_shipments() returns trigger language plpgsql as $$
    begin
      delete from order_search s using deleted d
      where s.term = search_fold(d.tracking_number) and s.order_id = d.order_id and not exists (
        select from orders o where o.id = d.order_id and s.term = any(order_search_terms(o) || shipped_search_terms(o.id)));
      return null;
    end $$`.execute(db);
  await sql`
    create trigger orders_search_accepted after insert on orders referencing new table as accepted
    for each statement execute function index_accepted_orders()`.execute(db);
  const otherTexts = sql.raw(
    ['tracking', 'shipping_address', 'metadata', 'customer_name', 'customer_email', 'reference']
      .map((column) => `old.${column} is distinct from new.${column}`)
      .join(' or '),
  );
  // Nearly every order is paid once, with nothing else of it changed.
  const isPaidOnly = sql`old.payment_id is null and new.payment_id is not null and not (${otherTexts})`;
  await sql`
    create trigger orders_search_paid after update of payment_id on orders
    for each row when (${isPaidOnly}) execute function index_paid_order()`.execute(db);
  await sql`
    create trigger orders_search_changed
    after update of payment_id, tracking, shipping_address, metadata, customer_name, customer_email, reference on orders
    for each row when ((old.payment_id is distinct from new.payment_id or ${otherTexts}) and not (${isPaidOnly}))
    execute function index_changed_order()`.execute(db);
  await sql`
    create trigger order_shipments_search_new after insert on order_shipments referencing new table as shipped
    for each statement execute function index_new_shipments()`.execute(db);
  await sql`
    create trigger order_shipments_search after update of tracking_number on order_shipments
    for each row execute function index_shipment()`.execute(db);
  await sql`
    create trigger order_shipments_search_deleted after delete on order_shipments referencing old table as deleted
    for each statement execute function unindex_deleted_shipments()`.execute(db);
  await sql`
    create trigger orders_search_deleted after delete on orders referencing old table as deleted
    for each statement execute function unindex_deleted_orders()`.execute(db);
}

/** What an order is found by. Each process that searches folds what it looks for by the same function. */
async function createSearchTerms(db: Kysely<unknown>): Promise<void> {
  // In lower case, and without accents: those that are characters of their own, and the letters that have no other form. Most texts have neither.
  await sql`
    create function search_fold(t text) returns text language sql immutable parallel safe as $$
      select case when t ~ '^[ -~]*$' then lower(t collate "default") else
        replace(replace(translate(lower(regexp_replace(normalize(t collate "default", NFKD), '[\\u0300-\\u036f]', '', 'g')), 'łøđı', 'lodi'), 'ß', 'ss'), 'æ', 'ae')
      end $$`.execute(db);
  // A plain expression, which becomes a part of the statements that use it.
  await sql`
    create function order_search_texts(o orders) returns text[] language sql immutable as $$
      select array[o.order_number, o.shipping_address->>'name', o.customer_name, o.customer_email, o.shipping_address->>'email', o.reference,
        o.metadata->>'order_reference', o.tracking->>'number', o.payment_id] $$`.execute(db);
  await sql`
    create function order_search_terms(o orders) returns text[] language sql immutable as $$
      select array(select distinct search_fold(t) from unnest(order_search_texts(o)) as t where search_fold(t) <> '') $$`.execute(
    db,
  );
  await sql`
    create function shipped_search_terms(shipped uuid) returns text[] language sql stable as $$
      select array(select search_fold(tracking_number) from order_shipments where order_id = shipped and tracking_number <> '') $$`.execute(
    db,
  );
}

async function createSearchIndex(db: Kysely<unknown>, length: number, where: RawBuilder<unknown>): Promise<void> {
  const name = `order_search_${length}`;
  const prefix = sql`left(term, ${sql.lit(length)})`;
  await sql`
    create index ${sql.id(`${name}_idx`)} on order_search (${prefix}, created_at desc, order_id desc) with ${UNLIKE} ${where}`.execute(
    db,
  );
  // The planner doesn't use what is known of a partial index. Without it, many orders of one beginning would be taken for few, and sorted.
  await sql`create statistics ${sql.id(`${name}_stats`)} on (${prefix}) from order_search`.execute(db);
}
