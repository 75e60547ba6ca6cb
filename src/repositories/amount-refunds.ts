import { sql, type Selectable } from 'kysely';
import type { AmountRefund, RefundState } from '../domain/amount-refund.ts';
import type { Db } from './schema.ts';
import type { OrderRefundsTable } from './schema/fulfilment-tables.ts';

/** A refund of an amount on record, and when it was opened and ended. */
export interface RecordedRefund extends AmountRefund {
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** A refund by its id. */
export async function findAmountRefund(db: Db, id: string): Promise<RecordedRefund | undefined> {
  const row = await db.selectFrom('order_refunds').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toRefund(row);
}

/** Every refund of an amount of an order, oldest first. */
export async function findAmountRefunds(db: Db, orderId: string): Promise<RecordedRefund[]> {
  const select = db.selectFrom('order_refunds').selectAll().where('order_id', '=', orderId).orderBy('number');
  return (await select.execute()).map(toRefund);
}

/** The order's refunds that have not ended, oldest first. */
export async function findOpenRefunds(db: Db, orderId: string): Promise<RecordedRefund[]> {
  return (await findAmountRefunds(db, orderId)).filter(({ state }) => state === 'OPEN');
}

/**
 * What an order's refunds under way will give back, in minor units, but for the one with the id `except`: of amounts, of returns whose
 * goods are back, and of an amendment.
 */
export async function sumPromisedRefunds(db: Db, orderId: string, except: string | null = null): Promise<number> {
  const { rows } = await sql<{ minor: number }>`
    select (
      coalesce((select sum(amount_minor) from order_refunds
        where order_id = ${orderId} and state = 'OPEN' and id is distinct from ${except}::uuid), 0) +
      coalesce((select sum(refund_minor) from order_returns
        where order_id = ${orderId} and state = 'RESTOCKED' and id is distinct from ${except}::uuid), 0) +
      coalesce((select sum(-difference_minor) from order_amendments
        where order_id = ${orderId} and state = 'PLANNED' and difference_minor < 0), 0))::bigint as minor`.execute(db);
  return rows[0]?.minor ?? 0;
}

/** What an order's open refunds of amounts will give back, in minor units. */
export async function sumOpenRefunds(db: Db, orderId: string): Promise<number> {
  return (await findOpenRefunds(db, orderId)).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What of an order's open refunds has to go back by hand since the payment service failed to refund it, in minor units. */
export async function sumFailedRefunds(db: Db, orderId: string): Promise<number> {
  const { sum } = await db
    .selectFrom('order_refunds')
    .select(sql<number>`coalesce(sum(amount_minor), 0)::bigint`.as('sum'))
    .where('order_id', '=', orderId)
    .where('state', '=', 'OPEN')
    .where('is_due_by_hand', '=', true)
    .executeTakeFirstOrThrow();
  return sum;
}

/** Why the refund that the saga `saga` makes is due by hand since the payment service failed to; `undefined` when it is not. */
export async function findFailedRefund(db: Db, orderId: string, saga: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('order_refunds')
    .select('reason')
    .where('order_id', '=', orderId)
    .where(isOfSaga(saga))
    .where('is_due_by_hand', '=', true)
    .executeTakeFirst();
  return row?.reason;
}

/** Writes that somebody has decided how the refund of the saga `saga` goes back, if it was due by hand. */
export async function settleFailedRefund(db: Db, orderId: string, saga: string): Promise<void> {
  await db
    .updateTable('order_refunds')
    .set({ is_due_by_hand: false })
    .where('order_id', '=', orderId)
    .where(isOfSaga(saga))
    .execute();
}

/** By the name of a saga in the ledger: `refund:<number>`. */
function isOfSaga(saga: string) {
  return sql<boolean>`'refund:' || number = ${saga}`;
}

/** What is known of a refund when it is opened. */
export type NewRefund = Pick<AmountRefund, 'id' | 'orderId' | 'amountMinor' | 'notifies' | 'actor' | 'reason'> &
  Partial<Pick<AmountRefund, 'replaces'>>;

/** Writes an open refund under the order's next number; one that replaces another is due by hand. The caller's transaction has locked the order. */
export async function insertRefund(db: Db, refund: NewRefund): Promise<AmountRefund> {
  const { id, orderId, amountMinor, notifies, actor, reason, replaces = null } = refund;
  const row = await db
    .insertInto('order_refunds')
    .values({
      id,
      order_id: orderId,
      number: sql`(select coalesce(max(number), 0) + 1 from order_refunds where order_id = ${orderId})`,
      state: 'OPEN',
      amount_minor: amountMinor,
      refunded_minor: 0,
      notifies,
      actor,
      reason,
      replaces,
      is_due_by_hand: replaces !== null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRefund(row);
}

/** Ends a refund and returns it; `undefined`, and nothing is written, if it has ended before. */
export async function endRefund(
  db: Db,
  id: string,
  { state, refundedMinor }: { readonly state: Exclude<RefundState, 'OPEN'>; readonly refundedMinor: number },
): Promise<AmountRefund | undefined> {
  const row = await db
    .updateTable('order_refunds')
    .set({ state, refunded_minor: refundedMinor, ended_at: sql`now()` })
    .where('id', '=', id)
    .where('state', '=', 'OPEN')
    .returningAll()
    .executeTakeFirst();
  return row && toRefund(row);
}

/** A refund from its row. */
export function toRefund(row: Selectable<OrderRefundsTable>): RecordedRefund {
  return {
    id: row.id,
    orderId: row.order_id,
    number: row.number,
    state: row.state,
    amountMinor: row.amount_minor,
    refundedMinor: row.refunded_minor,
    notifies: row.notifies,
    actor: row.actor,
    reason: row.reason,
    replaces: row.replaces,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
