import { sql, type Selectable } from 'kysely';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Order, OrderItem } from '../domain/order.ts';
import { itemsAsJson, toOrder } from './order-repository.ts';
import type { Db } from './schema.ts';
import type { OrdersTable } from './schema/order-tables.ts';

/** An order, and the id of its last event that a reader has; 0 if it has none. */
export interface EventPosition {
  readonly orderId: string;
  readonly after: number;
}

/** The events after each position, at most `limit` of each order, sorted by id; one statement for all orders. */
export async function findEventsAfter(
  db: Db,
  positions: readonly EventPosition[],
  limit: number,
): Promise<OrderEvent[]> {
  const ids = positions.map(({ orderId }) => orderId);
  const after = positions.map((position) => position.after);
  const { rows } = await sql<OrderEvent>`
    select e.id, e.subject_id as "subjectId", e.type, e.payload, e.created_at as "createdAt"
    from unnest(${ids}::uuid[], ${after}::bigint[]) as p(order_id, after)
    cross join lateral (
      select id, subject_id, type, payload, created_at from outbox
      where outbox.subject_id = p.order_id and outbox.id > p.after order by id limit ${limit}) e
    order by e.id`.execute(db);
  return rows;
}

/** An order as it is after one of its events; `knowsAfter` says whether the event that was asked about is on record. */
export interface OrderAtEvent {
  readonly order: Order & { readonly items: readonly OrderItem[] };
  /** 0 if no event of the order is on record any more. */
  readonly lastEventId: number;
  readonly knowsAfter: boolean;
}

/** An order and its last event from one snapshot, so that neither is ahead of the other. */
export async function findOrderAtEvent(db: Db, orderId: string, after: number): Promise<OrderAtEvent | undefined> {
  const { rows } = await sql<Selectable<OrdersTable> & { items: OrderItem[]; last_event_id: number; knows: boolean }>`
    select orders.*, ${itemsAsJson},
      coalesce((select max(id) from outbox where subject_id = orders.id), 0) as last_event_id,
      exists (select from outbox where subject_id = orders.id and id = ${after}::bigint) as knows
    from orders where id = ${orderId}`.execute(db);
  const [row] = rows;
  return row && { order: { ...toOrder(row), items: row.items }, lastEventId: row.last_event_id, knowsAfter: row.knows };
}
