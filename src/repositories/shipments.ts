import { sql, type Selectable } from 'kysely';
import type { Tracking } from '../domain/order.ts';
import type { ItemQuantity } from '../domain/order-return.ts';
import type { Db } from './schema.ts';
import type { OrderShipmentsTable } from './schema/fulfilment-tables.ts';

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

/** A shipment on record. */
export type Shipment = Omit<NewShipment, 'key' | 'reason'> & {
  readonly id: string;
  readonly reason: string | null;
  readonly shippedAt: Date;
  /** As the carrier says. */
  readonly deliveredAt: Date | null;
};

/** An order's shipments, oldest first. */
export async function findShipments(db: Db, orderId: string): Promise<Shipment[]> {
  const rows = await db
    .selectFrom('order_shipments')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('shipped_at')
    .orderBy('id')
    .execute();
  return rows.map(toShipment);
}

/** A shipment from its row. */
export function toShipment(row: Selectable<OrderShipmentsTable>): Shipment {
  return {
    id: row.id,
    orderId: row.order_id,
    items: row.items,
    tracking: { carrier: row.carrier, number: row.tracking_number },
    actor: row.actor,
    reason: row.reason,
    shippedAt: row.shipped_at,
    deliveredAt: row.delivered_at,
  };
}

/** Writes that a shipment has arrived, at a moment (RFC 3339) or now; the first report of it counts. */
export async function markDelivered(db: Db, id: string, deliveredAt: string | null): Promise<void> {
  await db
    .updateTable('order_shipments')
    .set({ delivered_at: deliveredAt === null ? sql`now()` : new Date(deliveredAt) })
    .where('id', '=', id)
    .where('delivered_at', 'is', null)
    .execute();
}

/** Changes how a shipment travels. */
export async function setTracking(db: Db, id: string, { carrier, number }: Tracking): Promise<void> {
  await db.updateTable('order_shipments').set({ carrier, tracking_number: number }).where('id', '=', id).execute();
}
