import { sql, type CompiledQuery, type Selectable } from 'kysely';
import { batchCalls } from '../batch-calls.ts';
import type { Order, OrderItem } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { isUuid } from '../domain/uuid.ts';
import { onePerDatabase } from './one-per-database.ts';
import type { Db } from './schema.ts';
import type { OrdersTable } from './schema/order-tables.ts';

/** The columns that make an order; named one by one, since a prepared statement must not change its result with a migration. */
export const orderColumns = [
  ...(['id', 'order_number', 'customer_id', 'status', 'payment_status', 'saga_state', 'version', 'currency'] as const),
  ...(['subtotal_minor', 'discount_minor', 'tax_minor', 'shipping_minor', 'total_minor', 'refunded_minor'] as const),
  ...(['payment_method', 'payment_id', 'payment_retry_until', 'amend_until', 'reservation_id'] as const),
  ...(['shipping_address', 'billing_address', 'shipping_method', 'coupon_code', 'coupon_terms', 'tax_rate'] as const),
  ...(['notes', 'metadata', 'tracking', 'cancellation_reason', 'failure', 'batch_id', 'placed_by'] as const),
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

/** Whether some of the order's goods are on their way already. */
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

/** The same, read together with others that are asked for at about the same time: a crowd of readers takes two connections. */
export async function findOrderWithItemsInGroup(db: Db, idOrNumber: string): Promise<OrderWithItems | undefined> {
  return readers(db)[keyOf(idOrNumber)](idOrNumber);
}

type OrderWithItems = Order & { items: OrderItem[] };
type Key = 'id' | 'order_number';
type OrderRowWithItems = OrderRow & { items: OrderItem[] };

/** A larger group would only make the first of it wait for the last. */
const MAX_GROUP = 64;

/** The answer of one is read while PostgreSQL is at the next. */
const MAX_CONCURRENT_GROUPS = 2;

/** Shares a statement among ten of five thousand readers a second, and keeps nobody waiting who would notice. */
const GROUP_SPACING_MS = 2;

const readers = onePerDatabase((db) => {
  const readBy = (key: Key) =>
    batchCalls(
      { maxConcurrent: MAX_CONCURRENT_GROUPS, maxSize: MAX_GROUP, spacingMs: GROUP_SPACING_MS },
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
  const { rows } = await db.executeQuery<OrderRowWithItems>({ ...selectBy(db, key), parameters: [keys] });
  const found = new Map(rows.map((row) => [row[key], { ...toOrder(row), items: row.items }]));
  return keys.map((one) => found.get(key === 'id' ? one.toLowerCase() : one));
}

/** Read more often than anything else, and always in the same words: put together once. */
const selects = new Map<Key, CompiledQuery<OrderRowWithItems>>();

function selectBy(db: Db, key: Key): CompiledQuery<OrderRowWithItems> {
  const known = selects.get(key);
  if (known) return known;
  const keys = key === 'id' ? sql<string>`any(${''}::uuid[])` : sql<string>`any(${''}::text[])`;
  const select = db.selectFrom('orders').select(orderColumns).select(itemsAsJson).where(key, '=', keys).compile();
  selects.set(key, select);
  return select;
}

/** A select expression for an order's lines in their order. */
export const itemsAsJson = sql<OrderItem[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'productId', i.product_id, 'sku', i.sku, 'name', i.name,
    'unitPriceMinor', i.unit_price_minor, 'quantity', i.quantity, 'shippedQuantity', i.shipped_quantity,
    'returnedQuantity', i.returned_quantity) order by i.position), '[]')
  from order_items i where i.order_id = orders.id)`.as('items');

/** A row as the domain's order. */
export function toOrder(row: OrderRow): Order {
  return {
    id: row.id,
    orderNumber: row.order_number,
    customerId: row.customer_id,
    status: row.status,
    paymentStatus: row.payment_status,
    sagaState: row.saga_state,
    version: row.version,
    currency: row.currency,
    subtotalMinor: row.subtotal_minor,
    discountMinor: row.discount_minor,
    taxMinor: row.tax_minor,
    shippingMinor: row.shipping_minor,
    totalMinor: row.total_minor,
    refundedMinor: row.refunded_minor,
    paymentMethod: row.payment_method,
    paymentId: row.payment_id,
    paymentRetryUntil: row.payment_retry_until,
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
