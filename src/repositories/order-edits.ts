import { sql } from 'kysely';
import type { OrderDetails } from '../domain/edit-order.ts';
import type { Db } from './schema.ts';

/** Writes the details that a command is to carry out, once. */
export async function insertEdit(db: Db, orderId: string, commandId: string, details: OrderDetails): Promise<void> {
  await db
    .insertInto('order_edits')
    .values({ order_id: orderId, command_id: commandId, details: JSON.stringify(details) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The details that a command is to carry out, if there are any. */
export async function findEdit(db: Db, orderId: string, commandId: string): Promise<OrderDetails | undefined> {
  const row = await db
    .selectFrom('order_edits')
    .select('details')
    .where('order_id', '=', orderId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row?.details;
}

/** Removes the details of a command that was refused. */
export async function deleteEdit(db: Db, orderId: string, commandId: string): Promise<void> {
  await db.deleteFrom('order_edits').where('order_id', '=', orderId).where('command_id', '=', commandId).execute();
}

/** Whether details of the order are still to be changed by a command that waits for its turn or is being carried out. */
export async function hasOpenEdit(db: Db, orderId: string): Promise<boolean> {
  const row = await db
    .selectFrom('order_edits as e')
    .select('e.command_id')
    .where('e.order_id', '=', orderId)
    .where(
      sql<boolean>`not exists (
        select from order_amendments a
        where a.order_id = e.order_id and a.command_id = e.command_id and a.state <> 'PLANNED')`,
    )
    .executeTakeFirst();
  return row !== undefined;
}
