import { sql } from 'kysely';
import { RECONCILER_ACTOR } from '../domain/order.ts';
import { finalStatuses, type OrderStatus } from '../domain/order-status.ts';
import type { ResumableOrder } from '../domain/resume-order.ts';
import type { SagaState } from '../domain/saga.ts';
import { givenBackFrom } from './coupon-redemptions.ts';
import { findOpenAmendment } from './amendments.ts';
import { itemsAsJson, orderColumns, toOrder } from './order-repository.ts';
import { insertEvent, insertHistory, loggedColumns } from './order-log.ts';
import { findOpenReturns } from './returns.ts';
import type { Db } from './schema.ts';

/** What the reconciler compares with the order's workflow. */
export interface OrderSummary {
  readonly id: string;
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
  readonly version: number;
}

const summary = ['id', 'status', 'saga_state as sagaState', 'version'] as const;

/** Literal, so that the planner recognises the conditions of the partial indexes. */
const FINAL = sql.join(finalStatuses.map((status) => sql.lit(status)));

/** Younger orders are being placed right now; nobody has lost them yet. */
const SETTLED = sql<boolean>`created_at < now() - interval '10 seconds'`;

/**
 * Takes the orders at which nobody has looked for longest, and not since `notSince`, and notes that somebody does: `limit` of
 * those that are not final, and as many of those that became so within a day.
 */
export async function claimOrdersToReconcile(db: Db, limit: number, notSince: Date): Promise<OrderSummary[]> {
  const open = claim(db, limit, sql<boolean>`status not in (${FINAL}) and reconciled_at < ${notSince}`);
  const ended = claim(
    db,
    limit,
    sql<boolean>`status in (${FINAL}) and updated_at > now() - interval '1 day' and reconciled_at < ${notSince}`,
  );
  return [...(await open), ...(await ended)];
}

function claim(db: Db, limit: number, which: ReturnType<typeof sql<boolean>>): Promise<OrderSummary[]> {
  return db
    .updateTable('orders')
    .set({ reconciled_at: sql`now()` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('orders')
        .select('id')
        .where(which)
        .where(SETTLED)
        .orderBy('reconciled_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(summary)
    .execute();
}

/** Those of the orders that are not final. */
export async function findOpenOrders(db: Db, ids: readonly string[]): Promise<OrderSummary[]> {
  return db
    .selectFrom('orders')
    .select(summary)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('status', 'not in', finalStatuses)
    .execute();
}

/** An order with what was under way when its workflow ended, for a new run to resume it. */
export async function findOrderToResume(db: Db, id: string): Promise<ResumableOrder | undefined> {
  const row = await db
    .selectFrom('orders')
    .select(orderColumns)
    .select(itemsAsJson)
    .select(amendedBack)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    order: { ...toOrder(row), items: row.items },
    amendedBackMinor: row.amendedBackMinor,
    returns: await findOpenReturns(db, id),
    amendment: await findOpenAmendment(db, id),
  };
}

const amendedBack = sql<number>`(
  select coalesce(sum(t.amount_minor), 0)::bigint from order_payment_transactions t
  where t.order_id = orders.id and t.kind = 'REFUND' and t.idempotency_key like '%:refund:amend:%')`.as(
  'amendedBackMinor',
);

/** What the projection should say, and why it is being put right. */
export interface Repair {
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
  readonly reason: string;
}

/**
 * Puts right a projection that differs from its workflow, past the transition table, since what it says now never came about
 * by a transition; with history and outbox rows, and the coupon of a cancelled order given back. Does nothing and returns `false` when the order has changed since `seen`.
 */
export async function repairOrder(db: Db, seen: OrderSummary, repair: Repair): Promise<boolean> {
  const repairing = { from: seen.status, actor: RECONCILER_ACTOR, reason: repair.reason };
  const { rows } = await sql`
    with repaired as (
      update orders o set status = ${repair.status}, saga_state = ${repair.sagaState}, version = version + 1, updated_at = now()
      where id = ${seen.id} and version = ${seen.version} and status = ${seen.status}
      returning ${loggedColumns}
    ),
    history as (${insertHistory('repaired', { ...repairing, change: 'STATUS', key: sql`'repaired:' || version` })}),
    -- The workflow doesn't know of what is reverted here, and may still write it under the same key.
    reverted as (
      update order_status_history h set transition_key = h.transition_key || ':until:' || repaired.version from repaired
      where h.order_id = repaired.id and h.change = 'STATUS' and h.version > (
        select max(version) from order_status_history where order_id = repaired.id and to_status = repaired.status)
    ),
    ${repair.status === 'CANCELLED' ? givenBackFrom('repaired') : sql``}
    event as (${insertEvent('repaired', repairing)})
    select id from repaired`.execute(db);
  return rows.length === 1;
}
