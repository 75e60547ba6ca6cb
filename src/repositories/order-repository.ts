import { sql, type CompiledQuery, type Selectable } from 'kysely';
import { batchCalls } from '../batch-calls.ts';
import type { Order, OrderItem, OrderWithItems } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { isUuid } from '../domain/uuid.ts';
import { onePerDatabase } from './one-per-database.ts';
import { openPaymentAction } from './payment-action-column.ts';
import { openPaymentMethod, openPaymentParts } from './payment-method-column.ts';
import type { Db } from './schema.ts';
import type { OrdersTable } from './schema/order-tables.ts';

/** The columns of an order. They are named, because a prepared statement with `*` fails after a migration that adds a column. */
export const orderColumns = [
  ...(['id', 'order_number', 'customer_id', 'status', 'payment_status', 'saga_state', 'version', 'currency'] as const),
  ...([
    'subtotal_minor',
    'discount_minor',
    'tax_minor',
    'tax_included',
    'shipping_minor',
    'fees_minor',
    'total_minor',
    'refunded_minor',
    'refund_due_minor',
  ] as const),
  ...([
    'payment_method',
    'payment_parts',
    'payment_provider',
    'payment_id',
    'payment_retry_until',
    'payment_action',
    'amend_until',
    'reservation_id',
  ] as const),
  ...(['shipping_address', 'billing_address', 'shipping_method', 'coupon_code', 'coupon_terms', 'tax_rate'] as const),
  ...(['customer_name', 'customer_email', 'customer_phone', 'reference', 'source', 'locale'] as const),
  ...([
    'notes',
    'metadata',
    'tracking',
    'cancellation_reason',
    'failure',
    'batch_id',
    'placed_by',
    'placed_by_service',
    'traceparent',
  ] as const),
  ...(['created_at', 'updated_at', 'confirmed_at', 'processing_at', 'shipped_at', 'delivered_at'] as const),
  ...(['cancelled_at', 'returned_at', 'refunded_at'] as const),
] satisfies (keyof OrdersTable)[];

/** The part of an order's row that {@link toOrder} reads. */
export type OrderRow = Pick<Selectable<OrdersTable>, (typeof orderColumns)[number]>;

/** An order by its id or order number. */
export async function findOrder(db: Db, idOrNumber: string): Promise<Order | undefined> {
  const column = isUuid(idOrNumber) ? 'id' : 'order_number';
  const row = await db.selectFrom('orders').select(orderColumns).where(column, '=', idOrNumber).executeTakeFirst();
  return row && toOrder(row);
}

/** An order's status; `undefined` when there is no such order. */
export async function findOrderStatus(db: Db, id: string): Promise<OrderStatus | undefined> {
  const row = await db.selectFrom('orders').select('status').where('id', '=', id).executeTakeFirst();
  return row?.status;
}

/** Whether something of the order has been shipped. */
export async function hasLeftInPart(db: Db, orderId: string): Promise<boolean> {
  const row = await db
    .selectFrom('order_items')
    .select('id')
    .where('order_id', '=', orderId)
    .where('shipped_quantity', '>', 0)
    .executeTakeFirst();
  return row !== undefined;
}

/** An order with its lines, in one round trip. */
export async function findOrderWithItems(db: Db, idOrNumber: string): Promise<OrderWithItems | undefined> {
  const [order] = await findOrdersWithItems(db, keyOf(idOrNumber), [idOrNumber]);
  return order;
}

/** The same; concurrent calls share one statement, so that any number of readers takes two connections. */
export async function findOrderWithItemsInBatch(db: Db, idOrNumber: string): Promise<OrderWithItems | undefined> {
  return readers(db)[keyOf(idOrNumber)](idOrNumber);
}

type Key = 'id' | 'order_number';
type OrderRowWithItems = OrderRow & { items: OrderItem[] };

/** In a larger batch the first reader would wait longer for the last. */
const MAX_BATCH = 64;

/** The answer to one batch is read while PostgreSQL works on the next. */
const MAX_CONCURRENT_BATCHES = 2;

/** At 5 000 reads a second ten reads share a statement; the wait is too short to be noticed. */
const BATCH_SPACING_MS = 2;

const readers = onePerDatabase((db) => {
  const readBy = (key: Key) =>
    batchCalls(
      { maxConcurrent: MAX_CONCURRENT_BATCHES, maxSize: MAX_BATCH, spacingMs: BATCH_SPACING_MS },
      (keys: readonly string[]) => findOrdersWithItems(db, key, keys),
    );
  return { id: readBy('id'), order_number: readBy('order_number') };
});

function keyOf(idOrNumber: string): Key {
  return isUuid(idOrNumber) ? 'id' : 'order_number';
}

async function findOrdersWithItems(
  db: Db,
  key: Key,
  keys: readonly string[],
): Promise<readonly (OrderWithItems | undefined)[]> {
  const parameters = keys.length === 1 ? keys : [keys];
  const { rows } = await db.executeQuery<OrderRowWithItems>({ ...selectBy(db, key, keys.length), parameters });
  const found = new Map(rows.map((row) => [row[key], { ...toOrder(row), items: row.items }]));
  return keys.map((one) => found.get(key === 'id' ? one.toLowerCase() : one));
}

/** Compiled once: it is the most frequent query, and building it costs as much as running it. */
const selects = new Map<string, CompiledQuery<OrderRowWithItems>>();

/**
 * One key has a statement of its own: PostgreSQL plans it once a connection. It plans the one for several anew each time, since it takes
 * any plan made for a known number of keys for cheaper, and that takes longer than running it.
 */
function selectBy(db: Db, key: Key, count: number): CompiledQuery<OrderRowWithItems> {
  const name = `${key} ${count === 1 ? 'one' : 'several'}`;
  const known = selects.get(name);
  if (known) return known;
  const type = sql.raw(key === 'id' ? 'uuid' : 'text');
  const keys = count === 1 ? sql<string>`${''}::${type}` : sql<string>`any(${''}::${type}[])`;
  const select = db.selectFrom('orders').select(orderColumns).select(itemsAsJson).where(key, '=', keys).compile();
  selects.set(name, select);
  return select;
}

/** A select expression for an order's lines, sorted by position. */
export const itemsAsJson = sql<OrderItem[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'productId', i.product_id, 'sku', i.sku, 'name', i.name,
    'variantId', i.variant_id, 'unitPriceMinor', i.unit_price_minor, 'discountMinor', i.discount_minor, 'quantity', i.quantity, 'shippedQuantity', i.shipped_quantity,
    'returnedQuantity', i.returned_quantity, 'splitFrom', i.split_from) order by i.position), '[]')
  from order_items i where i.order_id = orders.id)`.as('items');

/** The domain's order that a row stands for. */
export function toOrder(row: OrderRow): Order {
  return {
    id: row.id,
    orderNumber: row.order_number,
    customerId: row.customer_id,
    customerName: row.customer_name,
    customerEmail: row.customer_email,
    customerPhone: row.customer_phone,
    reference: row.reference,
    source: row.source,
    locale: row.locale,
    status: row.status,
    paymentStatus: row.payment_status,
    sagaState: row.saga_state,
    version: row.version,
    currency: row.currency,
    subtotalMinor: row.subtotal_minor,
    discountMinor: row.discount_minor,
    taxMinor: row.tax_minor,
    isTaxIncluded: row.tax_included,
    shippingMinor: row.shipping_minor,
    feesMinor: row.fees_minor,
    totalMinor: row.total_minor,
    refundedMinor: row.refunded_minor,
    refundDueMinor: row.refund_due_minor,
    paymentMethod: openPaymentMethod(row.payment_method),
    paymentParts: openPaymentParts(row.payment_parts),
    paymentProvider: row.payment_provider,
    paymentId: row.payment_id,
    paymentRetryUntil: row.payment_retry_until,
    paymentAction: openPaymentAction(row.payment_action),
    amendUntil: row.amend_until,
    reservationId: row.reservation_id,
    shippingAddress: row.shipping_address,
    billingAddress: row.billing_address,
    shippingMethod: row.shipping_method,
    couponCode: row.coupon_code,
    couponTerms: row.coupon_terms,
    taxRate: row.tax_rate,
    notes: row.notes,
    metadata: row.metadata,
    tracking: row.tracking,
    cancellationReason: row.cancellation_reason,
    failure: row.failure,
    batchId: row.batch_id,
    placedBy: row.placed_by,
    placedByService: row.placed_by_service,
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    confirmedAt: row.confirmed_at,
    processingAt: row.processing_at,
    shippedAt: row.shipped_at,
    deliveredAt: row.delivered_at,
    cancelledAt: row.cancelled_at,
    returnedAt: row.returned_at,
    refundedAt: row.refunded_at,
  };
}
