import { Pool } from 'pg';
import type { PeerOrder } from './peer-order.ts';

/** How an order ended, or PENDING. */
export type PeerStatus = 'PENDING' | 'CONFIRMED' | 'CANCELLED';

/** What is known at a write beside the status. */
export interface Known {
  readonly paymentId?: string;
  readonly reservationId?: string;
  readonly failure?: string;
}

/** The tables, with the indexes that lists by customer, status and time need. */
const tables = (schema: string) => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.orders (
    id uuid primary key, idempotency_key text not null unique, order_number bigint generated always as identity,
    customer_id text not null, status text not null, version int not null default 1, currency text not null, total_minor bigint not null,
    payment_method text not null, payment_id text, reservation_id text, shipping_address jsonb not null, metadata jsonb not null,
    failure text, created_at timestamptz not null default now(), confirmed_at timestamptz);
  create index if not exists orders_by_time on ${schema}.orders (created_at desc, id desc);
  create index if not exists orders_by_customer on ${schema}.orders (customer_id, created_at desc, id desc);
  create index if not exists orders_by_status on ${schema}.orders (status, created_at desc, id desc);
  create table if not exists ${schema}.order_items (
    id uuid primary key, order_id uuid not null references ${schema}.orders, sku text not null, product_id text not null,
    name text not null, quantity int not null, unit_price_minor bigint not null);
  create index if not exists items_by_order on ${schema}.order_items (order_id);
  create table if not exists ${schema}.order_history (
    order_id uuid not null references ${schema}.orders, version int not null, from_status text, to_status text not null,
    at timestamptz not null default now(), primary key (order_id, version));
  create table if not exists ${schema}.outbox (
    id bigint generated always as identity primary key, order_id uuid not null, type text not null, payload jsonb not null,
    published_at timestamptz);
  create index if not exists outbox_unpublished on ${schema}.outbox (id) where published_at is null`;

/** The rest of a statement that has written an order: its history and its event. */
const tail = (before: string) => `
    noted as (insert into order_history (order_id, version, from_status, to_status) select id, version, ${before}, status from written),
    told as (insert into outbox (order_id, type, payload) select id, 'order.' || lower(status), to_jsonb(written) from written)
    select id from written`;

/** Opens the rows of one peer. Each write is one prepared statement: the order with its history and its event. */
export async function openRows(databaseUrl: string, schema: string) {
  const pool = new Pool({ connectionString: databaseUrl, max: 16, options: `-c search_path=${schema}` });
  pool.on('error', () => {});
  await pool.query(tables(schema));

  return {
    /** Writes the order and its items, unless its key is known. */
    insert: async (
      order: PeerOrder,
      status: PeerStatus,
      { paymentId, reservationId }: Known = {},
    ): Promise<boolean> => {
      const written = await pool.query({
        name: 'insert',
        text: `with written as (
            insert into orders (id, idempotency_key, customer_id, status, currency, total_minor, payment_method, payment_id, reservation_id,
              shipping_address, metadata, confirmed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, case $4 when 'CONFIRMED' then now() end)
            on conflict do nothing returning *),
          items as (insert into order_items select l.id, w.id, l.sku, l."productId", l.name, l.quantity, l."unitPriceMinor"
            from written w, jsonb_to_recordset($12) l (id uuid, sku text, "productId" text, name text, quantity int, "unitPriceMinor" bigint)),
          ${tail('null')}`,
        values: [
          order.id,
          order.key,
          order.customerId,
          status,
          order.currency,
          order.totalMinor,
          order.paymentMethod,
          paymentId,
          reservationId,
          JSON.stringify(order.shippingAddress),
          JSON.stringify(order.metadata),
          JSON.stringify(order.lines),
        ],
      });
      return written.rowCount === 1;
    },
    /** Moves an order on from PENDING; does nothing when it has been moved. */
    move: async (
      { id }: PeerOrder,
      status: PeerStatus,
      { paymentId, reservationId, failure }: Known = {},
    ): Promise<void> => {
      await pool.query({
        name: 'move',
        text: `with written as (
            update orders set status = $2, version = version + 1, payment_id = $3, reservation_id = $4, failure = $5,
              confirmed_at = case $2 when 'CONFIRMED' then now() end
            where id = $1 and status = 'PENDING' returning *), ${tail(`'PENDING'`)}`,
        values: [id, status, paymentId, reservationId, failure],
      });
    },
  };
}
