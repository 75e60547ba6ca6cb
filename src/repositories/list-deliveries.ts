import { sql } from 'kysely';
import type { DeliveryState } from '../domain/event-delivery.ts';
import type { Db } from './schema.ts';
import { cutPage } from './cut-page.ts';
import { selectOrderNumber } from './order-number.ts';

/** Which deliveries; all unless given. */
export interface DeliveryFilter {
  /** A sink, or `webhooks` for all webhook endpoints. */
  readonly sink?: string | undefined;
  readonly state?: DeliveryState | undefined;
  /** The order, or another subject. */
  readonly subjectId?: string | undefined;
  readonly eventId?: number | undefined;
  readonly type?: string | undefined;
  /** That came to the sink at or after this moment. */
  readonly since?: Date | undefined;
}

/** An event's delivery to a sink. */
export interface EventDelivery {
  readonly sink: string;
  readonly eventId: number;
  readonly subjectId: string;
  /** Null where the subject is no order. */
  readonly orderNumber: string | null;
  /** What its webhook endpoint is called, else its host; null for another sink, or one that is gone. */
  readonly receiver: string | null;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly lastAttemptAt: Date | null;
  readonly lastError: string | null;
  readonly responseStatus: number | null;
  readonly durationMs: number | null;
  readonly deliveredAt: Date | null;
  readonly createdAt: Date;
  /** What the event says; null once the event itself is past its retention. */
  readonly data: unknown;
  /** Whether it waits behind an earlier event of its order. */
  readonly isHeld: boolean;
}

/** The last delivery of a page. */
export interface DeliveryCursor {
  readonly eventId: number;
  readonly sink: string;
}

/** A page of deliveries, the latest event first; `limit` and one more, which tells that there is another page. */
export async function listDeliveries(
  db: Db,
  filter: DeliveryFilter,
  { limit, after }: { readonly limit: number; readonly after?: DeliveryCursor | undefined },
): Promise<{ readonly deliveries: EventDelivery[]; readonly next: EventDelivery | undefined }> {
  const { rows } = await sql<EventDelivery>`
    select d.sink, d.event_id as "eventId", d.subject_id as "subjectId", d.type, d.state, d.attempts, d.next_attempt_at as "nextAttemptAt",
      d.last_attempt_at as "lastAttemptAt", d.last_error as "lastError", d.response_status as "responseStatus",
      d.duration_ms as "durationMs", d.delivered_at as "deliveredAt", d.created_at as "createdAt",
      ${selectOrderNumber(sql.ref('d.subject_id'))} as "orderNumber",
      (select coalesce(nullif(w.description, ''), substring(w.url from '://(?:[^/@]*@)?([^/?#]+)'))
        from webhook_endpoints w where d.sink = 'webhook:' || w.id) as receiver,
      (select payload from outbox where id = d.event_id) as data,
      d.state = 'PENDING' and exists (
        select from event_deliveries e
        where e.subject_id = d.subject_id and e.sink = d.sink and e.state in ('PENDING', 'DEAD') and e.position < d.position) as "isHeld"
    from event_deliveries d
    where ${matches(filter)} and ${after ? sql`(d.event_id, d.sink) < (${after.eventId}::bigint, ${after.sink})` : sql`true`}
    order by d.event_id desc, d.sink desc limit ${limit + 1}`.execute(db);
  const { page: deliveries, last: next } = cutPage(rows, limit);
  return { deliveries, next };
}

/** Whether a delivery `d` is one of those. What is literal tells the planner which partial index it is. */
function matches({ sink, state, subjectId, eventId, type, since }: DeliveryFilter) {
  const conditions = [sql`true`];
  if (sink === 'webhooks') conditions.push(sql`d.sink like 'webhook:%'`);
  else if (sink !== undefined) conditions.push(sql`d.sink = ${sink}`);
  if (state !== undefined) conditions.push(sql`d.state = ${sql.lit(state)}`);
  // An order has few events, and their deliveries are found by their ids alone.
  if (subjectId !== undefined)
    conditions.push(sql`d.event_id in (select id from outbox where subject_id = ${subjectId})`);
  if (eventId !== undefined) conditions.push(sql`d.event_id = ${eventId}::bigint`);
  if (type !== undefined) conditions.push(sql`d.type = ${type}`);
  if (since !== undefined) conditions.push(sql`d.created_at >= ${since}`);
  return sql.join(conditions, sql` and `);
}

/** What an operator decides about deliveries: to have them tried again at once, or never. */
export type DeliveryDecision = 'retry' | 'skip';

/**
 * Decides on up to `limit` deliveries that are open, the oldest first; returns how many there were. A retried dead letter is due at once, with what
 * waits behind it, also at an endpoint that pauses since it failed; of a skipped one the sink never hears, and what waited behind it goes on.
 */
export async function decideDeliveries(
  db: Db,
  decision: DeliveryDecision,
  filter: DeliveryFilter & { readonly state: 'DEAD' | 'PENDING' },
  limit: number,
): Promise<number> {
  const set =
    decision === 'retry'
      ? sql`state = 'PENDING', next_attempt_at = now(), first_attempt_at = null`
      : sql`state = 'SKIPPED'`;
  const { rows } = await sql<{ readonly decided: number }>`
    with decided as (
      update event_deliveries t set ${set}
      from (
        select d.event_id, d.sink from event_deliveries d where ${matches(filter)}
        order by d.event_id, d.sink limit ${limit} for update
      ) as chosen
      where t.event_id = chosen.event_id and t.sink = chosen.sink returning t.sink
    ),
    woken as (
      update webhook_endpoints w set retry_at = now() from (select distinct sink from decided) as one
      where ${decision === 'retry'} and one.sink = 'webhook:' || w.id and w.retry_at > now()
    )
    select count(*) as decided from decided`.execute(db);
  return rows[0]?.decided ?? 0;
}
