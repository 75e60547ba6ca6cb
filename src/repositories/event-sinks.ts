import { sql } from 'kysely';
import type { DeadLetterPolicy } from '../domain/event-delivery.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { statesThatHold, type NewDelivery } from './event-deliveries.ts';
import type { Db } from './schema.ts';

/** Adds the sinks that are not on record: they get what is sequenced from now on. */
export async function addSinks(db: Db, names: readonly string[]): Promise<void> {
  await sql`
    insert into event_sinks (name, position) select name, s.position from unnest(${names}::text[]) as name, event_sequence s
    on conflict (name) do nothing`.execute(db);
}

/** Notes that a process can deliver to these sinks; returns those of them that are on record. */
export async function noteSinks(db: Db, names: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    update event_sinks set updated_at = now() where name = any(${names}::text[]) returning name`.execute(db);
  return rows.map(({ name }) => name);
}

/** A sink that is on record no more. */
export interface ForgottenSink {
  readonly name: string;
  /** How many events it never gets that others may have. */
  readonly events: number;
}

/**
 * Forgets sinks that no process was configured with for `unusedMs`, or the one of these with this name, and gives up what they have not received,
 * so that they hold back neither retention nor the archive for ever.
 */
export async function forgetUnusedSinks(db: Db, unusedMs: number, name?: string): Promise<ForgottenSink[]> {
  const { rows } = await sql<ForgottenSink>`
    with forgotten as (
      delete from event_sinks where updated_at < now() - ${unusedMs}::double precision * interval '1 millisecond'
        and name = coalesce(${name ?? null}::text, name)
      returning name, position
    ),
    given_up as (
      update event_deliveries d set state = 'SKIPPED', last_error = 'the sink is no longer configured'
      from forgotten where d.sink = forgotten.name and d.state in ('PENDING', 'DEAD') returning d.sink
    )
    select f.name, q.position - f.position + (select count(*) from given_up g where g.sink = f.name) as events
    from forgotten f, event_sequence q`.execute(db);
  return rows;
}

/** Whether a sink of this name is on record. */
export async function hasSink(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`select from event_sinks where name = ${name}`.execute(db);
  return rows.length > 0;
}

/** An event after a sink's cursor. */
export interface NextEvent extends OrderEvent {
  readonly position: number;
  /** The cursor that it was read with. */
  readonly cursor: number;
  /** Whether it has to wait behind an earlier event of its order. */
  readonly isHeld: boolean;
}

/** The next `limit` events of a sink, by position; none while the sink waits for its next attempt. */
export async function findNextEvents(
  db: Db,
  sink: string,
  policy: DeadLetterPolicy,
  limit: number,
): Promise<NextEvent[]> {
  const { rows } = await sql<NextEvent>`
    select e.id, e.subject_id as "subjectId", e.type, e.payload, e.traceparent, e.created_at as "createdAt", e.position, s.position as cursor,
      exists (
        select from event_deliveries d where d.subject_id = e.subject_id and d.sink = s.name and d.state in ('PENDING', 'DEAD')
          and d.state = any(${statesThatHold(policy)}::text[])
      ) as "isHeld"
    from event_sinks s
    cross join lateral (
      select id, subject_id, type, payload, traceparent, created_at, position from outbox
      where outbox.position > s.position order by outbox.position limit ${limit}
    ) e
    where s.name = ${sink} and s.retry_at <= clock_timestamp()
    order by e.position`.execute(db);
  return rows;
}

/** A sink's way from one position to the next. */
export interface SinkStep {
  readonly sink: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Moves the cursor of a sink that has the events up to `to`, but for `exceptions`, which are written with it. `false`, and nothing is written, if
 * the cursor is not at `from` any more: another process has delivered the same events, and knows better what became of them.
 */
export async function advanceSink(
  db: Db,
  { sink, from, to }: SinkStep,
  exceptions: readonly NewDelivery[],
): Promise<boolean> {
  const advance = sql`
    update event_sinks set position = ${to}, attempts = 0, retry_at = '-infinity', last_error = null, failing_since = null, updated_at = now()
    where name = ${sink} and position = ${from} returning name`;
  if (exceptions.length === 0) return (await advance.execute(db)).rows.length === 1;
  const { rows } = await sql`
    with advanced as (${advance}),
    written as (
      insert into event_deliveries (sink, event_id, subject_id, position, type, state, attempts, next_attempt_at, last_attempt_at, last_error)
      select advanced.name, n."eventId", n."subjectId", n.position, n.type, n.state, n.attempts,
        now() + n."retryMs" * interval '1 millisecond', case when n.attempts > 0 then now() end, n."lastError"
      from advanced, jsonb_to_recordset(${JSON.stringify(exceptions)}::jsonb) as n(
        "eventId" bigint, "subjectId" uuid, position bigint, type text, state text, attempts integer, "retryMs" float8, "lastError" text)
      on conflict (event_id, sink) do nothing
    )
    select from advanced`.execute(db);
  return rows.length === 1;
}

/** Notes that a sink is away, and returns how many attempts have failed since it was there: it is tried again after a quarter of a second at first, twice as long each time, a minute at most. */
export async function postponeSink(db: Db, sink: string, error: string): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    update event_sinks set attempts = attempts + 1, last_error = ${error}, failing_since = coalesce(failing_since, now()), updated_at = now(),
      retry_at = clock_timestamp() + least(interval '1 minute', interval '250 milliseconds' * power(2, least(attempts, 10)))
    where name = ${sink} returning attempts`.execute(db);
  return rows[0]?.attempts ?? 1;
}
