import { sql } from 'kysely';
import type { OrderStatus } from '../domain/order-status.ts';
import type { SagaState } from '../domain/saga.ts';
import type { Wait } from '../domain/waiting-order.ts';
import { isStuck, selectWaits, type WaitCursor, type WaitFilter } from './order-waits.ts';
import type { Db } from './schema.ts';
import { cutPage } from './cut-page.ts';

/** Which of the waiting orders, longest wait first, and the order after which the page starts. */
export interface WaitingOrdersQuery extends WaitFilter {
  /** An order that waits longer than this is stuck. */
  readonly stuckAfterMs: number;
  /** Only those that are stuck. */
  readonly stuckOnly: boolean;
  readonly limit: number;
  readonly after?: WaitCursor | undefined;
}

/** An order and what it has waited for longest. */
export interface WaitingOrder extends Wait {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
  readonly isStuck: boolean;
}

/** One page of the orders that wait, and the cursor of the next page. */
export async function listWaitingOrders(
  db: Db,
  query: WaitingOrdersQuery,
): Promise<{ readonly orders: readonly WaitingOrder[]; readonly next: WaitCursor | undefined }> {
  const { limit } = query;
  const { rows } = await selectWaitingOrders(query).execute(db);
  const { page, last } = cutPage(rows, limit);
  return {
    orders: page,
    next: last && { since: last.cursor, id: last.orderId },
  };
}

/** The statement, exported so that a test can read its plan. */
export function selectWaitingOrders({ stuckOnly, stuckAfterMs, limit, after, ...filter }: WaitingOrdersQuery) {
  const waits = selectWaits({ ...filter, stuckAfterMs: stuckOnly ? stuckAfterMs : undefined }, limit + 1, after);
  return sql<WaitingOrder & { readonly cursor: string }>`
    select w.order_id as "orderId", o.order_number as "orderNumber", o.status, o.saga_state as "sagaState", w.step, w.cause,
      w.since, w.attempts, w.last_error as "lastError", ${isStuck(sql`w.cause`, sql`w.since`, { stuckAfterMs })} as "isStuck",
      to_char(w.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor
    from (select * from (${waits}) waits order by since, order_id limit ${limit + 1}) w join orders o on o.id = w.order_id
    order by w.since, w.order_id`;
}

/** How many orders wait. */
export interface WaitingCounts {
  readonly retrying: number;
  readonly needsAttention: number;
  /** Those that never go on by themselves, and those that have waited longer than `stuckAfterMs`. */
  readonly stuck: number;
  readonly notStarted: number;
}

/** Counts the orders that wait, each kind no further than `most`: no more than that is read, however many wait. */
export async function countWaitingOrders(db: Db, stuckAfterMs: number, most: number): Promise<WaitingCounts> {
  const { rows } = await selectWaitingCounts(stuckAfterMs, most).execute(db);
  return rows[0]!;
}

/** The statement, exported so that a test can read its plan. */
export function selectWaitingCounts(stuckAfterMs: number, most: number) {
  const of = (filter: WaitFilter) =>
    sql`(select count(*) from (select from (${selectWaits({ ...filter, isCounted: true }, most)}) waits limit ${most}) counted)`;
  return sql<WaitingCounts>`
    select ${of({ cause: 'RETRYING' })} as retrying, ${of({ cause: 'NEEDS_ATTENTION' })} as "needsAttention",
      ${of({ stuckAfterMs })} as stuck, ${of({ cause: 'NOT_STARTED' })} as "notStarted"`;
}
