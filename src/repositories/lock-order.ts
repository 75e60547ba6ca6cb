import type { OrderWithItems } from '../domain/order.ts';
import { findItems } from './order-items.ts';
import { orderColumns, toOrder } from './order-repository.ts';
import type { Db } from './schema.ts';

/**
 * Locks the order's row until the caller's transaction ends, and returns the order with its lines. Every write locks this row
 * before it touches rows that belong to the order: two writes in another sequence would deadlock. Throws if there is no such order.
 */
export async function lockOrder(transaction: Db, orderId: string): Promise<OrderWithItems> {
  const row = await transaction
    .selectFrom('orders')
    .select(orderColumns)
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new Error(`no order ${orderId}`);
  return { ...toOrder(row), items: await findItems(transaction, orderId) };
}
