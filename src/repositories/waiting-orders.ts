import { sql, type SqlBool } from 'kysely';
import type { OrderStatus } from '../domain/order-status.ts';
import { compensationNames, type SagaAction, type SagaState } from '../domain/saga.ts';
import { stuckCauses, type Wait, type WaitCause } from '../domain/waiting-order.ts';
import type { Db } from './schema.ts';

/** Younger orders are still being placed: a workflow begins within a second unless something is wrong. */
const BEGUN = sql.lit('5 seconds');

/**
 * A saga that compensates waits in none of its steps any more, whatever the ledger last heard of them; the notification goes on beside
 * it. A subquery for each of the few rows: the planner would read all rows once for a condition that it can hash.
 */
export const isCurrentStep = sql`(s.step = any(${compensationNames}::text[]) or s.step = 'notifyCustomer' or (
    select true from order_saga_steps c
    where c.order_id = s.order_id and c.saga = s.saga and c.step = any(${compensationNames}::text[]) limit 1) is null)`;

/** A step that waits for an operator; a notification does beside whatever the saga does. */
export const isParkedStep = sql`s.state = 'FAILED'
    and case when s.step = 'notifyCustomer' then o.notification_failed else o.saga_state = 'NEEDS_ATTENTION' end`;

/**
 * Every order that waits, with a row for each step that it waits in. Each part is read from a partial index that only such orders
 * are in. What Temporal alone knows comes before what the ledger says.
 */
const waits = sql`
  select t.order_id, t.step, t.cause, t.since, t.attempts, t.last_error from order_stalls t
  union all
  select s.order_id, s.step, 'RETRYING', s.started_at, s.attempts, s.last_error from order_saga_steps s
  where s.state = 'RUNNING' and ${isCurrentStep} and not exists (select from order_stalls t where t.order_id = s.order_id)
  union all
  select o.id, s.step, 'NEEDS_ATTENTION', coalesce(s.updated_at, o.updated_at), coalesce(s.attempts, 0),
    coalesce(s.last_error, case when o.is_disputed then 'the payment is disputed' end)
  from orders o left join order_saga_steps s on s.order_id = o.id and ${isParkedStep} and ${isCurrentStep}
  where (o.saga_state = 'NEEDS_ATTENTION' or o.notification_failed)
    and not exists (select from order_stalls t where t.order_id = o.id)
  union all
  select o.id, null, 'NOT_STARTED', o.created_at, 0, null from orders o
  where not o.workflow_started and o.status = 'PENDING' and o.created_at < now() - interval ${BEGUN}
    and not exists (select from order_stalls t where t.order_id = o.id)`;

/** Which orders wait: in this step, and since this moment or longer. */
export interface WaitFilter {
  readonly step?: SagaAction | undefined;
  readonly waitingSince?: Date | undefined;
}

/**
 * A condition on `orders`: it waits so. The ids are found first, since few orders wait: the planner would otherwise read along all
 * orders until a page is full.
 */
export function isWaiting(filter: WaitFilter) {
  return sql<SqlBool>`id = any(array(select w.order_id from (${waits}) w where ${matches(filter)}))`;
}

function matches({ step, waitingSince }: WaitFilter) {
  const inStep = step === undefined ? sql`true` : sql`w.step = ${step}`;
  return waitingSince === undefined ? inStep : sql`${inStep} and w.since <= ${waitingSince}`;
}

/** Which of the waiting orders, longest wait first, and the order after which the page starts. */
export interface WaitingOrdersQuery extends WaitFilter {
  readonly cause?: WaitCause | undefined;
  /** An order that waits longer than this is stuck. */
  readonly stuckAfterMs: number;
  /** Only those that are stuck. */
  readonly stuckOnly: boolean;
  readonly limit: number;
  readonly after?: WaitingCursor | undefined;
}

/** The last order of the previous page: `since` in microseconds, as PostgreSQL keeps it. */
export interface WaitingCursor {
  readonly since: string;
  readonly id: string;
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
): Promise<{ readonly orders: readonly WaitingOrder[]; readonly next: WaitingCursor | undefined }> {
  const { cause, stuckAfterMs, stuckOnly, limit, after } = query;
  const ofCause = cause === undefined ? sql`true` : sql`w.cause = ${cause}`;
  const later =
    after === undefined ? sql`true` : sql`(w.since, w.order_id) > (${after.since}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<WaitingOrder & { readonly cursor: string }>`
    with w as (
      select distinct on (w.order_id) w.* from (${waits}) w
      where ${matches(query)} and ${ofCause} order by w.order_id, w.since
    )
    select w.order_id as "orderId", o.order_number as "orderNumber", o.status, o.saga_state as "sagaState", w.step, w.cause,
      w.since, w.attempts, w.last_error as "lastError", ${isStuck(stuckAfterMs)} as "isStuck",
      to_char(w.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor
    from w join orders o on o.id = w.order_id
    where ${later} and ${stuckOnly ? isStuck(stuckAfterMs) : sql`true`}
    order by w.since, w.order_id limit ${limit + 1}`.execute(db);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    orders: page,
    next: last && { since: last.cursor, id: last.orderId },
  };
}

function isStuck(stuckAfterMs: number) {
  return sql<boolean>`(w.cause = any(${stuckCauses}::text[]) or w.since < now() - ${stuckAfterMs} * interval '1 millisecond')`;
}

/** How many orders wait. */
export interface WaitingCounts {
  /** Of those that are being retried, by step. */
  readonly retrying: Readonly<Partial<Record<SagaAction, number>>>;
  readonly needsAttention: number;
  /** Those that never go on by themselves, and those that have waited longer than `stuckAfterMs`. */
  readonly stuck: number;
  readonly notStarted: number;
  readonly all: number;
}

/** Counts the orders that wait, in one statement that reads only them. */
export async function countWaitingOrders(db: Db, stuckAfterMs: number): Promise<WaitingCounts> {
  const { rows } = await selectWaitingCounts(stuckAfterMs).execute(db);
  return rows[0]!;
}

/** The statement, exported so that a test can read its plan. */
export function selectWaitingCounts(stuckAfterMs: number) {
  return sql<WaitingCounts>`
    with w as materialized (${waits})
    select
      (select coalesce(jsonb_object_agg(step, orders), '{}') from (
        select step, count(distinct order_id) as orders from w where cause = 'RETRYING' and step is not null group by step) r) as retrying,
      count(distinct order_id) filter (where cause = 'NEEDS_ATTENTION') as "needsAttention",
      count(distinct order_id) filter (where ${isStuck(stuckAfterMs)}) as stuck,
      count(distinct order_id) filter (where cause = 'NOT_STARTED') as "notStarted",
      count(distinct order_id) as all
    from w`;
}
