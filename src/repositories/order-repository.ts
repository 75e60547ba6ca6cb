import { sql, type Selectable } from 'kysely';
import type { Order, OrderItem } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Db, OrdersTable } from './schema.ts';

/** An order by its id or order number. */
export async function findOrder(db: Db, idOrNumber: string): Promise<Order | undefined> {
  const column = isUuid(idOrNumber) ? 'id' : 'order_number';
  const row = await db.selectFrom('orders').selectAll().where(column, '=', idOrNumber).executeTakeFirst();
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
export async function findOrderWithItems(
  db: Db,
  idOrNumber: string,
): Promise<(Order & { items: OrderItem[] }) | undefined> {
  const column = isUuid(idOrNumber) ? 'id' : 'order_number';
  const row = await db
    .selectFrom('orders')
    .selectAll()
    .select(itemsAsJson)
    .where(column, '=', idOrNumber)
    .executeTakeFirst();
  return row && { ...toOrder(row), items: row.items };
}

/** A select expression for an order's lines in their order. */
export const itemsAsJson = sql<OrderItem[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'productId', i.product_id, 'sku', i.sku, 'name', i.name,
    'unitPriceMinor', i.unit_price_minor, 'quantity', i.quantity, 'shippedQuantity', i.shipped_quantity,
    'returnedQuantity', i.returned_quantity) order by i.position), '[]')
  from order_items i where i.order_id = orders.id)`.as('items');

/** A row as the domain's order. */
export function toOrder(row: Selectable<OrdersTable>): Order {
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
