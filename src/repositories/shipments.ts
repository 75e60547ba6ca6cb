import type { Tracking } from '../domain/order.ts';
import type { ItemQuantity } from '../domain/order-return.ts';
import type { Db } from './schema.ts';

/** Goods that leave together. */
export interface NewShipment {
  readonly orderId: string;
  /** Names the shipment within its order. */
  readonly key: string;
  readonly items: readonly ItemQuantity[];
  readonly tracking: Tracking;
  readonly actor: string;
  readonly reason: string;
}

/** Writes a shipment; a second one with the same key is an error. */
export async function insertShipment(db: Db, shipment: NewShipment): Promise<void> {
  const { orderId, key, items, tracking, actor, reason } = shipment;
  await db
    .insertInto('order_shipments')
    .values({
      order_id: orderId,
      shipment_key: key,
      items: JSON.stringify(items),
      carrier: tracking.carrier,
      tracking_number: tracking.number,
      actor,
      reason,
    })
    .execute();
}

/** An order's shipments, oldest first. */
export async function findShipments(db: Db, orderId: string) {
  return db
    .selectFrom('order_shipments')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('shipped_at')
    .orderBy('id')
    .execute();
}
