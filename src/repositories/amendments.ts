import { sql, type Selectable } from 'kysely';
import type { Amendment } from '../domain/amendment.ts';
import type { Db } from './schema.ts';
import type { OrderAmendmentsTable } from './schema/fulfilment-tables.ts';

/** The order's amendment by the command that asked for it. */
export async function findAmendment(db: Db, orderId: string, commandId: string): Promise<Amendment | undefined> {
  const row = await db
    .selectFrom('order_amendments')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row && toAmendment(row);
}

/** The order's amendment under way, if there is one. */
export async function findOpenAmendment(db: Db, orderId: string): Promise<Amendment | undefined> {
  const row = await db
    .selectFrom('order_amendments')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', '=', 'PLANNED')
    .executeTakeFirst();
  return row && toAmendment(row);
}

/** What is known of an amendment when it is planned. */
export type NewAmendment = Omit<Amendment, 'number' | 'state'>;

/** Writes a planned amendment under the order's next number. The caller's transaction has locked the order. */
export async function insertAmendment(db: Db, amendment: NewAmendment): Promise<Amendment> {
  const { orderId, commandId, actor, reason, items, amounts, taxRate, details, differenceMinor } = amendment;
  const row = await db
    .insertInto('order_amendments')
    .values({
      order_id: orderId,
      number: sql`(select coalesce(max(number), 0) + 1 from order_amendments where order_id = ${orderId})`,
      command_id: commandId,
      state: 'PLANNED',
      actor,
      reason,
      items: JSON.stringify(items),
      amounts: JSON.stringify(amounts),
      tax_rate: taxRate,
      details: details && JSON.stringify(details),
      difference_minor: differenceMinor,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toAmendment(row);
}

/** Ends an amendment and returns it; `undefined`, and nothing is written, if it has ended before. */
export async function endAmendment(
  db: Db,
  { orderId, number, state }: Pick<Amendment, 'orderId' | 'number' | 'state'>,
): Promise<Amendment | undefined> {
  const row = await db
    .updateTable('order_amendments')
    .set({ state, ended_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('number', '=', number)
    .where('state', '=', 'PLANNED')
    .returningAll()
    .executeTakeFirst();
  return row && toAmendment(row);
}

function toAmendment(row: Selectable<OrderAmendmentsTable>): Amendment {
  return {
    orderId: row.order_id,
    number: row.number,
    commandId: row.command_id,
    state: row.state,
    actor: row.actor,
    reason: row.reason,
    items: row.items,
    amounts: row.amounts,
    taxRate: row.tax_rate,
    details: row.details,
    differenceMinor: row.difference_minor,
  };
}
