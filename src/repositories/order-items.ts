import type { OrderItem } from '../domain/order.ts';
import type { Db } from './schema.ts';

/** An order's lines in their order. */
export async function findItems(db: Db, orderId: string): Promise<OrderItem[]> {
  return db
    .selectFrom('order_items')
    .select([
      'id',
      'product_id as productId',
      'sku',
      'name',
      'unit_price_minor as unitPriceMinor',
      'quantity',
      'shipped_quantity as shippedQuantity',
      'returned_quantity as returnedQuantity',
    ])
    .where('order_id', '=', orderId)
    .orderBy('position')
    .execute();
}
