import { sql } from 'kysely';
import { formatMoney } from '../domain/money.ts';
import type { EventDetails } from '../domain/order-event.ts';
import type { NewOrder, Order } from '../domain/order.ts';
import { couponRefusalOf, redeemCoupons } from './coupon-redemptions.ts';
import { insertEvents, insertHistory, selectEvent, wireTime } from './order-log.ts';
import { orderColumns, toOrder, type OrderRow } from './order-repository.ts';
import { sealPaymentMethod, sealPaymentParts } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** The caller's Idempotency-Key, unique within its subject, and a hash of the request that came with it. */
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

/** An order to be accepted, and its key if it has one. */
export interface Acceptance {
  readonly order: NewOrder;
  readonly key: IdempotencyKey | null;
}

/**
 * Writes the order (PENDING), its items, first history row, outbox row, idempotency key and the use of its coupon in one
 * statement: that is acceptance. Returns the order; `undefined`, and nothing is written, if the key is taken. Throws
 * `CouponRefusedError`, and nothing is written, if the coupon has no use left, or none for this customer.
 */
export async function acceptOrder(db: Db, order: NewOrder, key: IdempotencyKey | null): Promise<Order | undefined> {
  const [accepted] = await acceptOrders(db, [{ order, key }]);
  return accepted;
}

/** Accepts each order as {@link acceptOrder} does, in one statement; if it throws, no order is written. */
export async function acceptOrders(
  db: Db,
  acceptances: readonly Acceptance[],
): Promise<readonly (Order | undefined)[]> {
  const rows = await writeOrders(db, acceptances).catch((error: unknown) => {
    throw couponRefusalOf(error) ?? error;
  });
  const written = new Map(rows.map((row) => [row.id, row]));
  return acceptances.map(({ order }) => {
    const row = written.get(order.id);
    return row && toOrder(row);
  });
}

async function writeOrders(db: Db, acceptances: readonly Acceptance[]): Promise<OrderRow[]> {
  const given = acceptances.map(({ order, key }) => ({
    ...order,
    paymentMethod: sealPaymentMethod(order.paymentMethod),
    paymentParts: order.paymentParts && sealPaymentParts(order.paymentParts),
    ...(key && { keySubject: key.subject, key: key.key, bodyHash: key.bodyHash }),
    told: whatIsTold(order),
    items: order.items.map((item, position) => ({ ...item, position })),
  }));
  const hasCoupon = acceptances.some(({ order }) => order.couponCode !== null);
  const { rows } = await sql<OrderRow>`
    with given as materialized (
      select ${givenColumns} from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as o(
        id uuid, "customerId" text, "customerName" text, "customerEmail" text, "customerPhone" text, reference text, source text, locale text,
        currency text, "subtotalMinor" bigint, "discountMinor" bigint, "taxMinor" bigint,
        "isTaxIncluded" boolean, "shippingMinor" bigint, "feesMinor" bigint, "totalMinor" bigint, "paymentMethod" text, "paymentParts" jsonb, "shippingAddress" jsonb, "billingAddress" jsonb,
        "shippingMethod" text, "couponCode" text, "couponTerms" jsonb, "taxRate" integer, notes text, metadata jsonb,
        "batchId" text, "placedBy" text, "placedByService" text, "requestId" text, traceparent text, told jsonb, items jsonb, "keySubject" text, key text, "bodyHash" text)
    ),
    claim as (
      -- Sorted, so that two statements that share keys lock them in the same sequence and can't deadlock.
      insert into idempotency_keys (subject, key, body_hash, order_id)
      select "keySubject", key, "bodyHash", id from given where key is not null order by "keySubject", key
      on conflict do nothing returning order_id
    ),
    accepted as (
      insert into orders (
        id, customer_id, customer_name, customer_email, customer_phone, reference, source, locale, currency, subtotal_minor, discount_minor, tax_minor, tax_included, shipping_minor, fees_minor, total_minor, payment_method, payment_parts,
        shipping_address, billing_address, shipping_method, coupon_code, coupon_terms, tax_rate, notes, metadata,
        batch_id, placed_by, placed_by_service, request_id, traceparent)
      select id, "customerId", "customerName", "customerEmail", "customerPhone", reference, source, locale, currency, "subtotalMinor", "discountMinor", "taxMinor", "isTaxIncluded", "shippingMinor", "feesMinor", "totalMinor", "paymentMethod", "paymentParts",
        "shippingAddress", "billingAddress", "shippingMethod", "couponCode", "couponTerms", "taxRate", notes, metadata,
        "batchId", "placedBy", "placedByService", "requestId", traceparent
      from given where key is null or id in (select order_id from claim)
      returning ${acceptedColumns}
    ),
    items as (
      insert into order_items (id, order_id, position, product_id, sku, name, variant_id, unit_price_minor, discount_minor, quantity)
      select i.id, a.id, i.position, i."productId", i.sku, i.name, i."variantId", i."unitPriceMinor", coalesce(i."discountMinor", 0), i.quantity
      from accepted a join given g on g.id = a.id, jsonb_to_recordset(g.items) as i(
        id uuid, position smallint, "productId" text, sku text, name text, "variantId" text, "unitPriceMinor" bigint, "discountMinor" bigint, quantity integer)
    ),
    ${hasCoupon ? redeemCoupons('accepted') : sql``}
    history as (${insertHistory('accepted', { ...accepting, change: 'STATUS', reason: 'order placed', key: 'accepted' })}),
    event as (${insertEvents(selectEvent(acceptedAndTold, created, { ...accepting, reason: null }))})
    select ${acceptedColumns} from accepted`.execute(db);
  return rows;
}

/** What its event tells of an order, but for when it was created. */
function whatIsTold({ totalMinor, currency, items }: NewOrder): Omit<EventDetails['order.created'], 'created_at'> {
  return { total: formatMoney(totalMinor, currency), currency, item_count: items.length };
}

const acceptedAndTold = sql`accepted join (select id as told_id, told from given) t on t.told_id = accepted.id`;

const created = {
  type: 'order.created',
  details: sql<
    EventDetails['order.created']
  >`told || jsonb_build_object('created_at', ${wireTime(sql.ref('created_at'))})`,
} as const;

/** A new order has no status before, and whoever placed it acts. */
const accepting = { from: null, actor: sql.ref('placed_by') };

const acceptedColumns = sql.join(orderColumns.map((column) => sql.ref(column)));

const givenColumns = sql.raw(
  (
    'id customerId customerName customerEmail customerPhone reference source locale currency subtotalMinor discountMinor taxMinor isTaxIncluded shippingMinor feesMinor totalMinor paymentMethod paymentParts shippingAddress ' +
    'billingAddress shippingMethod couponCode couponTerms taxRate notes metadata batchId placedBy placedByService requestId traceparent told items keySubject key bodyHash'
  )
    .split(' ')
    .map((name) => `o."${name}"`)
    .join(', '),
);

/** The order that was accepted under this subject's key, if any. */
export async function findKeyedOrder(db: Db, subject: string, key: string): Promise<KeyedOrder | undefined> {
  const [found] = await findKeyedOrders(db, [{ subject, key }]);
  return found;
}

/** The same for each of several keys. */
export async function findKeyedOrders(
  db: Db,
  keys: readonly Pick<IdempotencyKey, 'subject' | 'key'>[],
): Promise<readonly (KeyedOrder | undefined)[]> {
  const { rows } = await sql<KeyedOrder & { nth: number }>`
    select w.nth, k.order_id as "orderId", k.body_hash as "bodyHash"
    from unnest(${keys.map(({ subject }) => subject)}::text[], ${keys.map(({ key }) => key)}::text[]) with ordinality as w(subject, key, nth)
    join idempotency_keys k on k.subject = w.subject and k.key = w.key`.execute(db);
  const found = new Map(rows.map(({ nth, ...keyed }) => [nth, keyed]));
  return keys.map((_, index) => found.get(index + 1));
}
