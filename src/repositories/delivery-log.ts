import { sql, type RawBuilder } from 'kysely';
import type { DeliveryState } from '../domain/event-delivery.ts';
import type { Db } from './schema.ts';
import { sinkOf } from './webhook-deliveries.ts';

/** A delivery as its log shows it. */
export interface LoggedDelivery {
  readonly eventId: number;
  readonly subjectId: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly responseStatus: number | null;
  readonly durationMs: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date;
  readonly deliveredAt: Date | null;
}

/** Which deliveries a page shows. */
export interface DeliveryPage {
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly subjectId?: string | undefined;
  /** Only those of events before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The deliveries of an endpoint, the newest first. */
export async function listEndpointDeliveries(
  db: Db,
  endpointId: string,
  { state, type, subjectId, before, limit }: DeliveryPage,
): Promise<LoggedDelivery[]> {
  let select = selectDeliveries(db).where('sink', '=', sinkOf(endpointId)).orderBy('event_id', 'desc').limit(limit);
  if (state !== undefined) select = select.where('state', '=', state);
  if (type !== undefined) select = select.where('type', '=', type);
  if (subjectId !== undefined) select = select.where('subject_id', '=', subjectId);
  if (before !== undefined) select = select.where('event_id', '<', before);
  return select.execute();
}

/** One delivery of an endpoint. */
export async function findEndpointDelivery(
  db: Db,
  endpointId: string,
  eventId: number,
): Promise<LoggedDelivery | undefined> {
  const select = selectDeliveries(db).where('sink', '=', sinkOf(endpointId)).where('event_id', '=', eventId);
  return select.executeTakeFirst();
}

function selectDeliveries(db: Db) {
  return db
    .selectFrom('event_deliveries')
    .select([
      'event_id as eventId',
      'subject_id as subjectId',
      'type',
      'state',
      'attempts',
      'response_status as responseStatus',
      'duration_ms as durationMs',
      'last_error as lastError',
      'created_at as createdAt',
      'last_attempt_at as lastAttemptAt',
      'next_attempt_at as nextAttemptAt',
      'delivered_at as deliveredAt',
    ]);
}

/** Whether a delivery is under way: claimed, its time not over, and its outcome not recorded. */
const isUnderWay = sql`(d.state = 'PENDING' and d.last_attempt_at is not null and d.duration_ms is null and d.next_attempt_at > now())`;

/** Sends one event to an endpoint again. `false` when there is no such delivery, or when its event is no longer kept. */
export async function redeliverEvent(db: Db, endpointId: string, eventId: number): Promise<boolean> {
  const { rows } = await sql`
    with kept as (
      select d.event_id, d.sink, ${isUnderWay} as is_under_way from event_deliveries d join outbox o on o.id = d.event_id
      where d.event_id = ${eventId} and d.sink = ${sinkOf(endpointId)}
      -- Retention waits, and then finds it pending.
      for update of d for key share of o
    ),
    again as (${sendAgain})
    select from kept`.execute(db);
  return rows.length === 1;
}

/** What a statement of a redelivery did; `last` is the event after which the next one goes on, undefined at the end. */
export interface RedeliveredBatch {
  readonly redelivered: number;
  /** Deliveries whose events are no longer kept. */
  readonly gone: number;
  readonly last: number | undefined;
}

/** Sends the events of up to `limit` deliveries again that were written since `since`, after the event `after`. */
export async function redeliverBatch(
  db: Db,
  endpointId: string,
  { since, after, limit }: { readonly since: Date; readonly after: number; readonly limit: number },
): Promise<RedeliveredBatch> {
  const { rows } = await sql<{ redelivered: number; seen: number; last: number | null }>`
    with seen as materialized (
      select d.event_id, d.sink, ${isUnderWay} as is_under_way from event_deliveries d
      where d.sink = ${sinkOf(endpointId)} and d.event_id > ${after} and d.created_at >= ${since}
      order by d.event_id limit ${limit} for update
    ),
    kept as materialized (
      select seen.event_id, seen.sink, seen.is_under_way from seen join outbox o on o.id = seen.event_id for key share of o
    ),
    again as (${sendAgain})
    select (select count(*) from kept) as redelivered, count(*) as seen, max(event_id) as last from seen`.execute(db);
  const { redelivered = 0, seen = 0, last = null } = rows[0] ?? {};
  return { redelivered, gone: seen - redelivered, last: seen === limit && last !== null ? last : undefined };
}

/** Makes what `kept` names due, as if it had never been sent; what is under way is being sent. */
const sendAgain: RawBuilder<unknown> = sql`
  update event_deliveries d set state = 'PENDING', attempts = 0, next_attempt_at = now(), last_error = null, response_status = null,
    duration_ms = null, first_attempt_at = null, last_attempt_at = null, delivered_at = null
  from kept where d.event_id = kept.event_id and d.sink = kept.sink and not kept.is_under_way`;

/** Makes what waits for an endpoint due, as if it had never been tried. */
export async function hurryDeliveries(db: Db, endpointId: string): Promise<void> {
  await sql`
    update event_deliveries d set attempts = 0, first_attempt_at = null, next_attempt_at = now()
    where d.sink = ${sinkOf(endpointId)} and d.state = 'PENDING' and not ${isUnderWay}`.execute(db);
}

/** Removes the log of an endpoint with all that waits for it. */
export async function deleteDeliveries(db: Db, endpointId: string): Promise<void> {
  await sql`delete from event_deliveries where sink = ${sinkOf(endpointId)}`.execute(db);
}

/**
 * Removes up to `limit` deliveries to endpoints that are older than `keepMs` and done with, and gives up what has waited for a disabled endpoint for so
 * long: it would keep its events for ever. Returns how many were removed.
 */
export async function pruneDeliveries(db: Db, keepMs: number, limit: number): Promise<number> {
  const bound = sql`now() - ${keepMs}::double precision * interval '1 millisecond'`;
  await sql`
    update event_deliveries d set state = 'SKIPPED', last_error = 'the endpoint was disabled for longer than WEBHOOK_DELIVERY_RETENTION'
    from webhook_endpoints e
    where not e.enabled and d.sink = 'webhook:' || e.id and d.state in ('PENDING', 'DEAD') and d.created_at < ${bound}`.execute(
    db,
  );
  const { numAffectedRows } = await sql`
    delete from event_deliveries where ctid = any(array(
      select ctid from event_deliveries
      where state in ('DELIVERED', 'SKIPPED') and sink like 'webhook:%' and created_at < ${bound}
      order by created_at limit ${limit} for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0);
}
