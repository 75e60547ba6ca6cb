import { sql } from 'kysely';
import type { ItemQuantity } from '../domain/order-return.ts';
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
      'variant_id as variantId',
      'unit_price_minor as unitPriceMinor',
      'discount_minor as discountMinor',
      'quantity',
      'shipped_quantity as shippedQuantity',
      'returned_quantity as returnedQuantity',
      'split_from as splitFrom',
    ])
    .where('order_id', '=', orderId)
    .orderBy('position')
    .execute();
}

/** Makes `items` the order's lines: removes those that are not among them, sets the quantity of others, appends new ones. */
export async function replaceItems(db: Db, orderId: string, items: readonly OrderItem[]): Promise<void> {
  const ids = items.map(({ id }) => id);
  await db.deleteFrom('order_items').where('order_id', '=', orderId).where('id', 'not in', ids).execute();
  const numbered = JSON.stringify(items.map((item, index) => ({ ...item, number: index + 1 })));
  await sql`
    insert into order_items as o (id, order_id, position, product_id, sku, name, variant_id, unit_price_minor, discount_minor, quantity, split_from)
    select i.id, ${orderId}::uuid, last.position + i.number, i."productId", i.sku, i.name, i."variantId", i."unitPriceMinor", coalesce(i."discountMinor", 0), i.quantity, i."splitFrom"
    from (select coalesce(max(position), -1) as position from order_items where order_id = ${orderId}) last,
      jsonb_to_recordset(${numbered}::jsonb) as i(
        id uuid, number smallint, "productId" text, sku text, name text, "variantId" text, "unitPriceMinor" bigint, "discountMinor" bigint, quantity integer, "splitFrom" uuid)
    on conflict (id) do update set quantity = excluded.quantity, discount_minor = excluded.discount_minor, split_from = excluded.split_from
    where o.order_id = excluded.order_id`.execute(db);
}

/** Adds to what has been shipped of each line; the database refuses more than was ordered. */
export async function addShipped(db: Db, orderId: string, items: readonly ItemQuantity[]): Promise<void> {
  await add(db, orderId, 'shipped_quantity', items);
}

/** Adds to what has been returned of each line; the database refuses more than was shipped. */
export async function addReturned(db: Db, orderId: string, items: readonly ItemQuantity[]): Promise<void> {
  await add(db, orderId, 'returned_quantity', items);
}

/** Takes back {@link addReturned}. */
export async function subtractReturned(db: Db, orderId: string, items: readonly ItemQuantity[]): Promise<void> {
  const negative = items.map(({ item_id, quantity }) => ({ item_id, quantity: -quantity }));
  await add(db, orderId, 'returned_quantity', negative);
}

async function add(
  db: Db,
  orderId: string,
  column: 'shipped_quantity' | 'returned_quantity',
  items: readonly ItemQuantity[],
): Promise<void> {
  await sql`
    update order_items i set ${sql.ref(column)} = i.${sql.ref(column)} + r.quantity
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as r(item_id uuid, quantity integer)
    where i.id = r.item_id and i.order_id = ${orderId}`.execute(db);
}
