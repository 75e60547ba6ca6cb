import { sql, type RawBuilder } from 'kysely';
import type { DeadLetterPolicy, DeliveryState } from '../domain/event-delivery.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Db } from './schema.ts';

/** A delivery to be written: of an event that its sink has rejected, or that waits behind such a one. */
export interface NewDelivery {
  readonly eventId: number;
  readonly subjectId: string;
  readonly position: number;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** How long from now it is tried again. */
  readonly retryMs: number;
  readonly lastError: string | null;
}

/** The states of an event behind which later events of its order wait. */
export function statesThatHold(policy: DeadLetterPolicy): readonly DeliveryState[] {
  return policy === 'hold' ? ['PENDING', 'DEAD'] : ['PENDING'];
}

/** The condition that the delivery `d` waits behind one of an earlier event of its order to the same sink. */
export function waitsBehindEarlier(policy: DeadLetterPolicy): RawBuilder<unknown> {
  return sql`exists (
    select from event_deliveries earlier
    where earlier.subject_id = d.subject_id and earlier.sink = d.sink and earlier.position < d.position
      and earlier.state in ('PENDING', 'DEAD') and earlier.state = any(${statesThatHold(policy)}::text[]))`;
}

/** An event that is to be delivered again. */
export interface DueEvent extends OrderEvent {
  readonly position: number;
  readonly attempts: number;
}

/**
 * The events of up to `limit` orders whose first pending event is due at this sink, and those that wait behind it, each order's in order. None that
 * waits behind a dead letter, unless the policy skips dead letters.
 */
export async function findDueEvents(
  db: Db,
  sink: string,
  policy: DeadLetterPolicy,
  limit: number,
): Promise<DueEvent[]> {
  const holding = statesThatHold(policy);
  const { rows } = await sql<DueEvent>`
    with due as materialized (
      select d.subject_id from event_deliveries d
      where d.sink = ${sink} and d.state = 'PENDING' and d.next_attempt_at <= clock_timestamp()
        and exists (select from event_sinks s where s.name = d.sink and s.retry_at <= clock_timestamp())
        and not ${waitsBehindEarlier(policy)}
      order by d.next_attempt_at limit ${limit}
    )
    select o.id, o.subject_id as "subjectId", o.type, o.payload, o.traceparent, o.created_at as "createdAt", d.position, d.attempts
    from due join event_deliveries d on d.subject_id = due.subject_id and d.sink = ${sink} and d.state = 'PENDING'
    join outbox o on o.id = d.event_id
    where not exists (
      select from event_deliveries dead
      where dead.subject_id = d.subject_id and dead.sink = d.sink and dead.position < d.position
        and dead.state = 'DEAD' and dead.state = any(${holding}::text[]))
    order by d.position limit ${limit}`.execute(db);
  return rows;
}

/** What another attempt came to. */
export interface DeliveryOutcome {
  readonly eventId: number;
  readonly state: DeliveryState;
  readonly retryMs: number;
  readonly lastError: string | null;
}

/** Writes what an attempt at each came to; one that an operator has skipped meanwhile stays skipped unless it was delivered. */
export async function recordAttempts(db: Db, sink: string, outcomes: readonly DeliveryOutcome[]): Promise<void> {
  await sql`
    update event_deliveries d set state = r.state, attempts = d.attempts + 1, last_attempt_at = now(), last_error = r."lastError",
      next_attempt_at = now() + r."retryMs" * interval '1 millisecond', delivered_at = case when r.state = 'DELIVERED' then now() end
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as r("eventId" bigint, state text, "retryMs" float8, "lastError" text)
    where d.event_id = r."eventId" and d.sink = ${sink} and (d.state = 'PENDING' or r.state = 'DELIVERED')`.execute(db);
}
