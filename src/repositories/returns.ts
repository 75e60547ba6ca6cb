import { sql, type Selectable } from 'kysely';
import type { OrderReturn, ReturnState } from '../domain/order-return.ts';
import type { Db } from './schema.ts';
import type { OrderReturnsTable } from './schema/fulfilment-tables.ts';

/** A return on record, and when it was opened and ended. */
export interface RecordedReturn extends OrderReturn {
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** A return by its id. */
export async function findReturn(db: Db, id: string): Promise<RecordedReturn | undefined> {
  const row = await db.selectFrom('order_returns').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toReturn(row);
}

/** Every return of an order, oldest first. */
export async function findReturns(db: Db, orderId: string): Promise<RecordedReturn[]> {
  const select = db.selectFrom('order_returns').selectAll().where('order_id', '=', orderId).orderBy('number');
  return (await select.execute()).map(toReturn);
}

/** The order's returns that have not ended, oldest first. */
export async function findOpenReturns(db: Db, orderId: string): Promise<RecordedReturn[]> {
  const rows = await db
    .selectFrom('order_returns')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', 'in', openStates)
    .orderBy('number')
    .execute();
  return rows.map(toReturn);
}

const openStates = ['OPEN', 'RESTOCKED'] as const satisfies readonly ReturnState[];

/** What is known of a return when it is opened. */
export type NewReturn = Pick<OrderReturn, 'id' | 'orderId' | 'items' | 'actor' | 'reason'>;

/** Writes an open return under the order's next number. The caller's transaction has locked the order. */
export async function insertReturn(db: Db, { id, orderId, items, actor, reason }: NewReturn): Promise<OrderReturn> {
  const row = await db
    .insertInto('order_returns')
    .values({
      id,
      order_id: orderId,
      number: sql`(select coalesce(max(number), 0) + 1 from order_returns where order_id = ${orderId})`,
      state: 'OPEN',
      actor,
      reason,
      items: JSON.stringify(items),
      refund_minor: 0,
      is_whole: false,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toReturn(row);
}

/** Writes that a return's goods are back, and what is refunded for them. */
export async function markRestocked(
  db: Db,
  id: string,
  { refundMinor, isWhole }: Pick<OrderReturn, 'refundMinor' | 'isWhole'>,
): Promise<void> {
  await db
    .updateTable('order_returns')
    .set({ state: 'RESTOCKED', refund_minor: refundMinor, is_whole: isWhole })
    .where('id', '=', id)
    .execute();
}

/** Ends a return and returns it; `undefined`, and nothing is written, if it has ended before. */
export async function endReturn(
  db: Db,
  id: string,
  state: Exclude<ReturnState, (typeof openStates)[number]>,
): Promise<OrderReturn | undefined> {
  const row = await db
    .updateTable('order_returns')
    .set({ state, ended_at: sql`now()` })
    .where('id', '=', id)
    .where('state', 'in', openStates)
    .returningAll()
    .executeTakeFirst();
  return row && toReturn(row);
}

/** A return from its row. */
export function toReturn(row: Selectable<OrderReturnsTable>): RecordedReturn {
  return {
    id: row.id,
    orderId: row.order_id,
    number: row.number,
    state: row.state,
    actor: row.actor,
    reason: row.reason,
    items: row.items,
    refundMinor: row.refund_minor,
    isWhole: row.is_whole,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
