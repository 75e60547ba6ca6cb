import { sql, type Selectable } from 'kysely';
import type { Dispute, DisputeState } from '../domain/dispute.ts';
import type { Db } from './schema.ts';
import type { OrderDisputesTable } from './schema/inbox-tables.ts';

/** Where a dispute of an order stands; `undefined` when nothing is known of it. */
export async function findDisputeState(db: Db, orderId: string, disputeId: string): Promise<DisputeState | undefined> {
  const row = await db
    .selectFrom('order_disputes')
    .select('state')
    .where('order_id', '=', orderId)
    .where('dispute_id', '=', disputeId)
    .executeTakeFirst();
  return row?.state;
}

/** Writes where a dispute stands. The caller's transaction has locked the order. */
export async function writeDispute(db: Db, dispute: Dispute): Promise<void> {
  const { orderId, disputeId, state, amountMinor, currency, reason, respondBy } = dispute;
  const closedAt = state === 'OPEN' ? null : sql<Date>`now()`;
  await db
    .insertInto('order_disputes')
    .values({
      order_id: orderId,
      dispute_id: disputeId,
      state,
      amount_minor: amountMinor,
      currency,
      reason,
      respond_by: respondBy === null ? null : new Date(respondBy),
      closed_at: closedAt,
    })
    .onConflict((conflict) => conflict.columns(['order_id', 'dispute_id']).doUpdateSet({ state, closed_at: closedAt }))
    .execute();
}

/** The disputes of an order that are open, the oldest first. */
export async function findOpenDisputes(db: Db, orderId: string): Promise<Dispute[]> {
  return (await findDisputes(db, orderId)).filter(({ state }) => state === 'OPEN');
}

/** Every dispute of an order, the oldest first. */
export async function findDisputes(db: Db, orderId: string): Promise<Dispute[]> {
  const rows = await db
    .selectFrom('order_disputes')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('opened_at')
    .execute();
  return rows.map(toDispute);
}

/** A dispute from its row. */
export function toDispute(row: Selectable<OrderDisputesTable>): Dispute {
  return {
    orderId: row.order_id,
    disputeId: row.dispute_id,
    state: row.state,
    amountMinor: row.amount_minor,
    currency: row.currency,
    reason: row.reason,
    respondBy: row.respond_by?.toISOString() ?? null,
  };
}
