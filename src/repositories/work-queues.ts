import { sql, type RawBuilder } from 'kysely';
import type { OrderStatus } from '../domain/order-status.ts';
import type { OrderQueue, WorkQueue } from '../domain/work-queue.ts';
import { hasFailedOrders } from './list-imports.ts';
import { hasFailedConfirmation } from './failed-messages.ts';
import type { Db } from './schema.ts';
import { countWaitingOrders } from './waiting-orders.ts';

/** Larger queues aren't counted to their end: nobody acts differently on them. */
export const MOST_COUNTED = 1_000;

/** How long each queue is, {@link MOST_COUNTED} at most; each is read from an index that only its own rows are in. */
export async function countQueues(db: Db, stuckAfterMs: number): Promise<Record<WorkQueue, number>> {
  const [waiting, { rows }] = await Promise.all([
    countWaitingOrders(db, stuckAfterMs, MOST_COUNTED),
    sql<Omit<Record<WorkQueue, number>, 'NEEDS_ATTENTION' | 'STUCK' | 'RETRYING' | 'NOT_STARTED'>>`
      select ${countOf(queues.PAYMENT_FAILED)} as "PAYMENT_FAILED", ${countOf(queues.BACKORDERED)} as "BACKORDERED",
        ${countOf(queues.REVIEW)} as "REVIEW", ${countOf(queues.REFUND_DUE)} as "REFUND_DUE", ${countOf(queues.DISPUTED)} as "DISPUTED",
        ${countOf(failedMessages)} as "MESSAGE_FAILED", ${countOf(deadLetters)} as "DEAD_LETTER",
        ${countOf(unappliedEvents)} as "UNAPPLIED_EVENT", ${countOf(failedImports)} as "IMPORT_FAILED"`.execute(db),
  ]);
  return {
    NEEDS_ATTENTION: waiting.needsAttention,
    STUCK: waiting.stuck,
    RETRYING: waiting.retrying,
    NOT_STARTED: waiting.notStarted,
    ...rows[0]!,
  };
}

function countOf(rows: RawBuilder<unknown>): RawBuilder<number> {
  return sql`(select count(*) from (select from (${rows}) q limit ${sql.lit(MOST_COUNTED)}) counted)`;
}

/** The orders of each queue: since when each waits, until when it may, and what is known of why. */
const queues: Readonly<Record<OrderQueue, RawBuilder<unknown>>> = {
  PAYMENT_FAILED: sql`
    select o.id, o.updated_at as since, o.payment_retry_until as until, o.failure ->> 'message' as detail
    from orders o where o.status = 'PAYMENT_FAILED'`,
  BACKORDERED: sql`
    select o.id, o.updated_at as since, o.amend_until as until, o.failure ->> 'message' as detail
    from orders o where o.amend_until is not null`,
  REVIEW: sql`
    select r.order_id as id, r.at as since, r.decide_until as until,
      (select string_agg(reason, '; ') from jsonb_array_elements_text(r.reasons) reason) as detail
    from order_reviews r where r.verdict = 'review' and r.decision is null`,
  REFUND_DUE: sql`
    select o.id, o.updated_at as since, null::timestamptz as until,
      (select r.reason from order_refunds r
        where r.order_id = o.id and r.state = 'OPEN' and r.is_due_by_hand order by r.number limit 1) as detail
    from orders o where o.refund_due_minor > 0`,
  DISPUTED: sql`
    select d.order_id as id, d.opened_at as since, d.respond_by as until, d.reason as detail
    from order_disputes d where d.state = 'OPEN'`,
};

const failedMessages = sql`
  select from order_messages where state = 'FAILED'
  union all
  select from orders o where ${hasFailedConfirmation}`;

const deadLetters = sql`select from event_deliveries where state = 'DEAD'`;

const unappliedEvents = sql`select from inbox where state = 'DEAD'`;

const failedImports = sql`select from imports where ${hasFailedOrders} and imports.acknowledged_at is null`;

/** An order in a queue; the amounts are in minor units. */
export interface QueuedOrder {
  readonly id: string;
  readonly orderNumber: string;
  readonly status: OrderStatus;
  readonly customerName: string | null;
  readonly totalMinor: number;
  readonly refundDueMinor: number;
  readonly currency: string;
  readonly since: Date;
  readonly until: Date | null;
  readonly detail: string | null;
}

/** The first of a queue: what ends soonest, then what has waited longest. */
export async function listQueue(db: Db, queue: OrderQueue, limit: number): Promise<readonly QueuedOrder[]> {
  const { rows } = await sql<QueuedOrder>`
    select q.id, q.since, q.until, q.detail, o.order_number as "orderNumber", o.status, o.customer_name as "customerName",
      o.total_minor as "totalMinor", o.refund_due_minor as "refundDueMinor", o.currency
    from (select * from (${queues[queue]}) all_of_them order by until nulls last, since limit ${limit}) q
    join orders o on o.id = q.id
    order by q.until nulls last, q.since`.execute(db);
  return rows;
}
