import { sql, type Selectable } from 'kysely';
import type { NewOrder, Order } from '../domain/order.ts';
import { couponRefusalOf, redemptionOf } from './coupon-redemptions.ts';
import { toOrder } from './order-repository.ts';
import type { Db, OrdersTable } from './schema.ts';

/** The caller's Idempotency-Key, unique within its subject, and a hash of what was asked under it. */
export interface IdempotencyKey {
  readonly subject: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** An order on record under an idempotency key. */
export interface KeyedOrder {
  readonly orderId: string;
  readonly bodyHash: string;
}

/**
 * Writes the order (PENDING), its items, first history row, outbox row, idempotency key and the use of its coupon in one
 * statement: that is acceptance. Returns it as it stands now; `undefined` means that the key is taken and nothing was written.
 * Throws `CouponRefusedError`, and nothing was written, when the coupon has no use left, or none for this customer.
 */
export async function acceptOrder(db: Db, order: NewOrder, key: IdempotencyKey | null): Promise<Order | undefined> {
  try {
    return await writeOrder(db, order, key);
  } catch (error) {
    throw couponRefusalOf(error) ?? error;
  }
}

async function writeOrder(db: Db, order: NewOrder, key: IdempotencyKey | null): Promise<Order | undefined> {
  const items = order.items.map((item, position) => ({ ...item, position }));
  const claim = key
    ? sql`insert into idempotency_keys (subject, key, body_hash, order_id)
          values (${key.subject}, ${key.key}, ${key.bodyHash}, ${order.id}) on conflict do nothing returning 1`
    : sql`select 1`;
  const { rows } = await sql<Selectable<OrdersTable>>`
    with claim as (${claim}),
    accepted as (
      insert into orders (
        id, customer_id, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, payment_method,
        shipping_address, billing_address, shipping_method, coupon_code, coupon_terms, tax_rate, notes, metadata,
        batch_id, placed_by)
      select ${order.id}::uuid, ${order.customerId}, ${order.currency}, ${order.subtotalMinor}::bigint, ${order.discountMinor}::bigint,
        ${order.taxMinor}::bigint, ${order.shippingMinor}::bigint, ${order.totalMinor}::bigint, ${order.paymentMethod},
        ${JSON.stringify(order.shippingAddress)}::jsonb, ${order.billingAddress && JSON.stringify(order.billingAddress)}::jsonb,
        ${order.shippingMethod}, ${order.couponCode}, ${order.couponTerms && JSON.stringify(order.couponTerms)}::jsonb,
        ${order.taxRate}::integer, ${order.notes}, ${JSON.stringify(order.metadata)}::jsonb,
        ${order.batchId}, ${order.placedBy}
      from claim
      returning *
    ),
    items as (
      insert into order_items (id, order_id, position, product_id, sku, name, unit_price_minor, quantity)
      select i.id, a.id, i.position, i."productId", i.sku, i.name, i."unitPriceMinor", i.quantity
      from accepted a, jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as i(
        id uuid, position smallint, "productId" text, sku text, name text, "unitPriceMinor" bigint, quantity integer)
    ),
    ${redemptionOf(order.couponCode)}
    history as (
      insert into order_status_history (order_id, version, from_status, to_status, actor, reason, transition_key)
      select id, version, null, 'PENDING', ${order.placedBy}, 'order placed', 'accepted' from accepted
    ),
    event as (
      insert into outbox (order_id, type, payload)
      select id, 'order.accepted', jsonb_build_object('order_id', id, 'order_number', order_number, 'customer_id', customer_id,
        'status', status, 'from', null, 'payment_status', payment_status, 'saga_state', saga_state, 'version', version,
        'actor', placed_by, 'reason', null)
      from accepted
    )
    select * from accepted`.execute(db);
  return rows[0] && toOrder(rows[0]);
}

/** The order that was accepted under this subject's key, if any. */
export async function findKeyedOrder(db: Db, subject: string, key: string): Promise<KeyedOrder | undefined> {
  return db
    .selectFrom('idempotency_keys')
    .select(['order_id as orderId', 'body_hash as bodyHash'])
    .where('subject', '=', subject)
    .where('key', '=', key)
    .executeTakeFirst();
}
