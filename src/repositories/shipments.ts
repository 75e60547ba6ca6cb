import { sql } from 'kysely';
import type { ItemQuantity } from '../domain/order-return.ts';
import type { Tracking } from '../domain/order.ts';
import { canTransition, type OrderStatus } from '../domain/order-status.ts';
import { changeOrder, findChange, holdOrder } from './change-order.ts';
import type { Db } from './schema.ts';

/** A part of an order that leaves. */
export interface NewShipment {
  readonly orderId: string;
  readonly key: string;
  readonly items: readonly ItemQuantity[];
  readonly tracking: Tracking;
  readonly actor: string;
  readonly reason: string;
}

/** What became of it. `last`: everything else has left, so that the order is to be marked as shipped instead. */
export type ShipmentOutcome =
  | { readonly outcome: 'recorded' | 'last'; readonly status: OrderStatus }
  | { readonly outcome: 'too late'; readonly status: OrderStatus }
  | { readonly outcome: 'impossible'; readonly problem: string };

/** Writes a shipment of some of an order's goods, never more of a line than is left of it. Repeating it changes nothing. */
export async function recordShipment(db: Db, shipment: NewShipment): Promise<ShipmentOutcome> {
  const { orderId, key, items, tracking, actor, reason } = shipment;
  return db.transaction().execute(async (trx): Promise<ShipmentOutcome> => {
    const { status } = await holdOrder(trx, orderId);
    const written = await findChange(trx, orderId, key);
    // It was all that was left, and an earlier attempt came as far as to say so.
    if (written === 'STATUS') return { outcome: 'last', status };
    if (written) return { outcome: 'recorded', status };
    if (!canTransition(status, 'SHIPPED')) return { outcome: 'too late', status };
    const left = await unshipped(trx, orderId);
    const excess = items.find(({ item_id: id, quantity }) => quantity > (left.get(id) ?? 0));
    if (excess) return { outcome: 'impossible', problem: describeExcess(excess, left.get(excess.item_id)) };
    const leaving = items.reduce((sum, { quantity }) => sum + quantity, 0);
    if (leaving === [...left.values()].reduce((sum, quantity) => sum + quantity, 0)) return { outcome: 'last', status };

    await sql`
      update order_items i set shipped_quantity = i.shipped_quantity + s.quantity
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as s(item_id uuid, quantity integer)
      where i.id = s.item_id and i.order_id = ${orderId}`.execute(trx);
    const sent = { carrier: tracking.carrier, tracking_number: tracking.number };
    const row = { order_id: orderId, shipment_key: key, items: JSON.stringify(items), ...sent, actor, reason };
    await trx.insertInto('order_shipments').values(row).execute();
    await changeOrder(trx, {
      orderId,
      kind: 'SHIPMENT',
      key,
      actor,
      reason,
      event: 'order.partly_shipped',
      payload: { items, ...sent },
      set: { tracking: JSON.stringify(tracking) },
    });
    return { outcome: 'recorded', status };
  });
}

async function unshipped(db: Db, orderId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('order_items')
    .select(['id', sql<number>`quantity - shipped_quantity`.as('left')])
    .where('order_id', '=', orderId)
    .execute();
  return new Map(rows.map(({ id, left }) => [id, left]));
}

function describeExcess({ item_id: id, quantity }: ItemQuantity, left: number | undefined): string {
  if (left === undefined) return `the order has no item ${id}`;
  return `${quantity} of item ${id} can't be shipped: ${left} have not left yet`;
}

/** What has left, oldest first. */
export async function findShipments(db: Db, orderId: string) {
  return db
    .selectFrom('order_shipments')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('shipped_at')
    .orderBy('id')
    .execute();
}
