import { sql, type Kysely } from 'kysely';

/** What hangs on an order and goes into the archive with it. */
const archivedWithOrder = [
  'order_items',
  'order_status_history',
  'order_payment_transactions',
  'order_saga_steps',
  'order_shipments',
  'order_notes',
  'order_amendments',
  'order_returns',
  'order_refunds',
  'order_disputes',
  'order_messages',
  'order_reviews',
];

/**
 * Closed orders that nobody changes any more, in tables of the same names and columns in a schema of their own: with the search path
 * `archive` the queries of the product read them.
 */
export async function createArchive(db: Kysely<unknown>): Promise<void> {
  await sql`create schema archive`.execute(db);
  for (const table of ['orders', ...archivedWithOrder]) {
    await sql`create table archive.${sql.raw(table)} (like public.${sql.raw(table)})`.execute(db);
  }
  await sql`alter table archive.orders add primary key (id), add unique (order_number)`.execute(db);
  await sql`create index orders_created_idx on archive.orders (created_at desc, id desc)`.execute(db);
  await sql`create index orders_customer_idx on archive.orders (customer_id, created_at desc, id desc)`.execute(db);
  await sql`create index orders_reference_idx on archive.orders (reference) where reference is not null`.execute(db);
  for (const table of archivedWithOrder) {
    await sql`create index on archive.${sql.raw(table)} (order_id)`.execute(db);
    await sql`
      alter table archive.${sql.raw(table)} add foreign key (order_id) references archive.orders on delete cascade`.execute(
      db,
    );
  }
}

/**
 * What removes that which is on record for good. Functions of the owner, so that the role that the product runs as can remove nothing
 * else: neither what is younger than thirty days, whatever its settings, nor an order that is not closed.
 */
export async function createPruning(db: Kysely<unknown>): Promise<void> {
  const copies = archivedWithOrder.map(
    (table) => `insert into archive.${table} select * from ${table} where order_id = any(closed);`,
  );
  await sql`
    create function archive_orders(keep interval, most integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      closed uuid[];
    begin
      select array_agg(id) into closed from (
        select id from orders o
        where status in ('CANCELLED', 'REFUNDED', 'DELIVERED')
          and updated_at < now() - greatest(keep, interval '30 days')
          and saga_state in ('COMPLETED', 'COMPENSATED') and not notification_failed
          and not exists (select from order_returns r where r.order_id = o.id and r.state in ('OPEN', 'RESTOCKED'))
          and not exists (select from order_refunds r where r.order_id = o.id and r.state = 'OPEN')
          and not exists (select from order_amendments a where a.order_id = o.id and a.state = 'PLANNED')
          and not exists (select from order_messages m where m.order_id = o.id and m.state in ('PENDING', 'FAILED'))
          and not exists (
            select from order_edits e where e.order_id = o.id and not exists (
              select from order_amendments a where a.order_id = e.order_id and a.command_id = e.command_id))
          and not exists (
            select from outbox e where e.subject_id = o.id
              and (e.position is null or e.position > (select min(s.position) from event_sinks s)))
          and not exists (select from event_deliveries d where d.subject_id = o.id and d.state in ('PENDING', 'DEAD'))
        order by updated_at limit most for update skip locked) as old;
      insert into archive.orders select * from orders where id = any(closed);
      ${sql.raw(copies.join('\n      '))}
      delete from order_messages where order_id = any(closed);
      delete from orders where id = any(closed);
      return coalesce(cardinality(closed), 0);
    end $$`.execute(db);
  await sql`
    create function prune_audit_log(keep interval, most integer) returns integer
    language sql security definer set search_path = public, pg_temp as $$
      with removed as (
        delete from audit_log where id in (
          select id from audit_log where at < now() - greatest(keep, interval '30 days')
          order by at, id limit most for update skip locked)
        returning 1)
      select count(*)::integer from removed $$`.execute(db);
  await sql`revoke execute on function archive_orders, prune_audit_log from public`.execute(db);
}
