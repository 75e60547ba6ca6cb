import type { OrderAnnouncer } from '../events/order-announcer.ts';
import type { Db } from '../repositories/schema.ts';

/** What a use case writes an order with: the database, and who is told once the write is committed. */
export interface OrderWriter {
  readonly db: Db;
  readonly announcer: OrderAnnouncer;
}

/**
 * Runs `write` in one transaction, then announces that the order has changed. A write locks the order first, decides by the
 * domain, and throws before it has written anything when the domain refuses.
 */
export async function writeOrder<T>(
  { db, announcer }: OrderWriter,
  orderId: string,
  write: (transaction: Db) => Promise<T>,
): Promise<T> {
  const result = await db.transaction().execute(write);
  announcer.announce(orderId);
  return result;
}
