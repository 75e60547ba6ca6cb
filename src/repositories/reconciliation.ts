import { sql } from 'kysely';
import { chargesByHand } from '../domain/book-refund.ts';
import { describeDispute } from '../domain/dispute.ts';
import { RECONCILER_ACTOR } from '../domain/order.ts';
import { NEEDS_ATTENTION, ORDER_UPDATED } from '../domain/order-event.ts';
import { canReach, finalStatuses, type OrderStatus } from '../domain/order-status.ts';
import type { ResumableOrder } from '../domain/resume-order.ts';
import type { SagaState } from '../domain/saga.ts';
import { findOpenRefunds } from './amount-refunds.ts';
import { releaseCoupon } from './coupon-redemptions.ts';
import { findOpenAmendment } from './amendments.ts';
import { findOpenDisputes } from './disputes.ts';
import { isBesideTotal } from './late-charges.ts';
import { itemsAsJson, orderColumns, toOrder } from './order-repository.ts';
import {
  insertEvents,
  insertHistory,
  loggedColumns,
  selectEvent,
  statusColumns,
  statusEvent,
  type EventContent,
} from './order-log.ts';
import { findBooks } from './payment-transactions.ts';
import { findOpenReturns } from './returns.ts';
import type { Db } from './schema.ts';

/** What the reconciler compares with the order's workflow. */
export interface OrderSummary {
  readonly id: string;
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
  readonly version: number;
  /** Whether a dispute about its payment is open. */
  readonly isDisputed: boolean;
}

const summary = ['id', 'status', 'saga_state as sagaState', 'version', 'is_disputed as isDisputed'] as const;

/** Literal, so that the planner recognises the conditions of the partial indexes. */
const FINAL = sql.join(finalStatuses.map((status) => sql.lit(status)));

/** What waits to be started is the relay's, however long a backlog makes it wait; once the relay has started it, it counts as begun. */
const BEGUN = sql<boolean>`(workflow_started or status <> 'PENDING')`;

/** Younger orders are still being placed, and their workflow may be about to start. */
const OLD_ENOUGH = sql<boolean>`created_at < now() - interval '10 seconds'`;

/**
 * Claims the orders that the reconciler hasn't looked at for longest, and not since `notSince`: `limit` of those that have begun and are not
 * final, and as many of those that became final within a day.
 */
export async function claimOrdersToReconcile(db: Db, limit: number, notSince: Date): Promise<OrderSummary[]> {
  const open = claim(db, limit, sql<boolean>`status not in (${FINAL}) and ${BEGUN} and reconciled_at < ${notSince}`);
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
        .where(OLD_ENOUGH)
        .orderBy('reconciled_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(summary)
    .execute();
}

/** Lets the reconciler compare an order that was taken in when nothing of it was open. */
export async function watchOrder(db: Db, id: string): Promise<void> {
  await db
    .updateTable('orders')
    .set({ reconciled_at: sql`now()` })
    .where('id', '=', id)
    .where('reconciled_at', '=', sql<Date>`'infinity'`)
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
    .select([amendedBack, 'notification_failed'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const disputes = await findOpenDisputes(db, id);
  const books = await findBooks(db, id);
  return {
    order: { ...toOrder(row), items: row.items },
    amendedBackMinor: row.amendedBackMinor,
    chargedByHand: chargesByHand(books),
    isAuthorized: books.some(({ status }) => status === 'AUTHORIZED'),
    isNotificationFailed: row.notification_failed,
    dispute: disputes[0] && describeDispute(disputes[0]),
    returns: await findOpenReturns(db, id),
    refunds: await findOpenRefunds(db, id),
    amendment: await findOpenAmendment(db, id),
  };
}

const amendedBack = sql<number>`(
  select coalesce(sum(t.amount_minor), 0)::bigint from order_payment_transactions t
  where t.order_id = orders.id and t.kind = 'REFUND' and ${isBesideTotal})`.as('amendedBackMinor');

/** What the projection should say, and why it is repaired. */
export interface Repair {
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
  readonly reason: string;
  /** What somebody has to do about the order, if it needs attention from now on. */
  readonly whatToDo?: string | undefined;
}

/**
 * Repairs a projection that is behind its workflow, or marks an order as needing attention, with history row and event; a cancelled
 * order's coupon is released. Returns `false`, and writes nothing, if the order has changed since `seen`. Throws if the transition
 * table doesn't lead from the order's status to the new one.
 */
export async function repairOrder(db: Db, seen: Omit<OrderSummary, 'isDisputed'>, repair: Repair): Promise<boolean> {
  const isMoved = repair.status !== seen.status;
  if (isMoved && !canReach(seen.status, repair.status)) {
    throw new Error(`the transition table doesn't lead from ${seen.status} to ${repair.status}`);
  }
  const repairing = { from: seen.status, actor: RECONCILER_ACTOR, reason: repair.reason };
  const change = isMoved ? 'STATUS' : 'DETAILS';
  const { rows } = await sql`
    with repaired as (
      update orders o set status = ${repair.status}, saga_state = ${repair.sagaState}, version = version + 1, updated_at = now()
      where id = ${seen.id} and version = ${seen.version} and status = ${seen.status}
      returning ${loggedColumns}, ${statusColumns}
    ),
    history as (${insertHistory('repaired', { ...repairing, change, key: sql`'repaired:' || version` })}),
    -- A payment is declined and retried in turn: what the workflow has not come to yet, it may still write under the same key.
    reverted as (
      update order_status_history h set transition_key = h.transition_key || ':until:' || repaired.version from repaired
      where h.order_id = repaired.id and h.change = 'STATUS' and h.version > (
        select max(version) from order_status_history where order_id = repaired.id and to_status = repaired.status)
    ),
    ${isMoved && repair.status === 'CANCELLED' ? releaseCoupon('repaired') : sql``}
    events as (${insertEvents(...eventsOf(repair, isMoved).map((content) => selectEvent(sql.ref('repaired'), content, repairing)))})
    select id from repaired`.execute(db);
  return rows.length === 1;
}

function eventsOf({ status, reason, whatToDo }: Repair, isMoved: boolean): EventContent[] {
  const moved = isMoved ? [statusEvent(status, { reason })] : [];
  if (whatToDo !== undefined) {
    const details = { step: null, problem: reason, what_to_do: whatToDo };
    return [...moved, { type: NEEDS_ATTENTION, details }];
  }
  return isMoved ? moved : [{ type: ORDER_UPDATED, details: {} }];
}
