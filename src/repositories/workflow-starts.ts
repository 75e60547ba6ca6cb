import { sql } from 'kysely';
import type { OrderItem } from '../domain/order.ts';
import { itemsAsJson, orderColumns, toOrder } from './order-repository.ts';
import { hasPaymentKeys } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** How long an order is left to the process that accepted it, whose attempt to start the workflow takes a second at most. */
const ACCEPTED = sql.lit('2 seconds');

/** How long an order is left to the relay that claimed it: longer than a relay takes for a batch, and short in case it has died. */
const CLAIM = sql.lit('3 seconds');

/**
 * Accepted orders whose workflow is not known to have started, oldest first, claimed for the caller for three seconds. Orders that
 * were accepted just now are left to the process that accepted them, and those whose payment method this process lacks the key of to one
 * that has it: they would be in the way of all that came later.
 */
export async function claimOrdersToStart(db: Db, limit: number) {
  const rows = await db
    .updateTable('orders')
    .set({ start_claimed_at: sql`now()` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('orders as waiting')
        .select('waiting.id')
        .where('waiting.workflow_started', '=', sql.lit(false))
        .where('waiting.status', '=', sql.lit('PENDING'))
        .where(hasPaymentKeys('waiting'))
        .where(sql<boolean>`waiting.created_at < now() - interval ${ACCEPTED}`)
        .where(sql<boolean>`coalesce(waiting.start_claimed_at < now() - interval ${CLAIM}, true)`)
        .orderBy('waiting.created_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(orderColumns)
    .returning(itemsAsJson)
    .returning('request_id')
    .execute();
  return rows.map((row) => ({
    ...toOrder(row),
    items: row.items satisfies OrderItem[],
    requestId: row.request_id,
  }));
}

/** Writes that Temporal has the orders' workflows, so that the relay no longer starts them. */
export async function markWorkflowsStarted(db: Db, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await db
    .updateTable('orders')
    .set({ workflow_started: true })
    .where('id', '=', sql<string>`any(${orderIds}::uuid[])`)
    .where('workflow_started', '=', false)
    .execute();
}

/** How many accepted orders wait to be started, `most` at most. */
export async function countOrdersToStart(db: Db, most: number): Promise<number> {
  const { rows } = await sql<{ orders: number }>`
    select count(*)::integer as orders from (
      select from orders where not workflow_started and status = 'PENDING' limit ${most}) waiting`.execute(db);
  return rows[0]?.orders ?? 0;
}
