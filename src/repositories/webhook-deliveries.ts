import { sql } from 'kysely';
import type { DeadLetterPolicy } from '../domain/event-delivery.ts';
import { waitsBehindEarlier } from './event-deliveries.ts';
import { addSinks } from './event-sinks.ts';
import type { Db } from './schema.ts';
import { openSecret } from './webhook-endpoints.ts';

/** The name of the sink whose deliveries are those of the endpoints, under which its cursor is kept. */
export const WEBHOOK_SINK = 'webhooks';

/** What `event_deliveries.sink` begins with for an endpoint; its id follows. */
const SINK_PREFIX = 'webhook:';

/** What `event_deliveries.sink` is for an endpoint. */
export function sinkOf(endpointId: string): string {
  return SINK_PREFIX + endpointId;
}

/** Any number that is the same in every process: the first endpoint must not come while the last one goes. */
export const SINK_LOCK = 7_310_042;

/** Has events delivered to endpoints from now on; locks this until the caller's transaction ends. */
export async function registerWebhookSink(transaction: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${SINK_LOCK})`.execute(transaction);
  await addSinks(transaction, [WEBHOOK_SINK]);
}

/** Has events no longer delivered to endpoints if there are none, so that retention waits for nobody. */
export async function unregisterWebhookSink(transaction: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${SINK_LOCK})`.execute(transaction);
  await sql`
    delete from event_sinks where name = ${WEBHOOK_SINK} and not exists (select from webhook_endpoints)`.execute(
    transaction,
  );
}

/**
 * Writes a delivery of each event for each endpoint that wants its type, also for disabled ones, where they wait; written before they stay as they
 * are. An endpoint is not told of itself.
 */
export async function insertDeliveries(db: Db, eventIds: readonly number[]): Promise<void> {
  await sql`
    with wanting as (
      select e.id, o.id as event_id, o.subject_id, o.position, o.type
      from outbox o
      join webhook_endpoints e on e.event_types && array[o.type, split_part(o.type, '.', 1) || '.*', '*'] and e.id <> o.subject_id
      where o.id = any(${eventIds}::bigint[])
      -- Whoever removes an endpoint waits for this, and then removes what is written here.
      for key share of e
    )
    insert into event_deliveries (sink, event_id, subject_id, position, type)
    select ${SINK_PREFIX} || id, event_id, subject_id, position, type from wanting
    on conflict (event_id, sink) do nothing`.execute(db);
}

/** How many deliveries are under way at an endpoint. */
export interface BusyEndpoint {
  readonly id: string;
  readonly count: number;
}

/** How much may be claimed. */
export interface ClaimLimits {
  readonly total: number;
  readonly perEndpoint: number;
  readonly busy: readonly BusyEndpoint[];
  readonly policy: DeadLetterPolicy;
  readonly leaseMs: number;
}

/** A delivery that this process is to make. */
export interface ClaimedDelivery {
  readonly endpointId: string;
  readonly eventId: number;
  /** This one included. */
  readonly attempts: number;
  readonly claimedAt: Date;
  readonly url: string;
  /** As it is stored; see `openSecret`. */
  readonly secret: string;
  /** Those that sign as well, in the same way. */
  readonly previousSecrets: string | null;
  readonly isConfigured: boolean;
}

/**
 * Claims due deliveries for `leaseMs`, after which they are due again: who dies in between loses none. Of each endpoint it claims as many as are free
 * there, one while it fails and none while it pauses; and of each order the first that is not delivered. No transaction stays open.
 */
export async function claimDeliveries(db: Db, limits: ClaimLimits): Promise<ClaimedDelivery[]> {
  const { total, perEndpoint, busy, policy, leaseMs } = limits;
  const ids = busy.map(({ id }) => id);
  const counts = busy.map(({ count }) => count);
  const { rows } = await sql<ClaimedDelivery>`
    with free as materialized (
      select e.id, ${SINK_PREFIX} || e.id as sink,
        greatest(0, case when e.failing_since is null then ${perEndpoint}::integer else 1 end - coalesce(b.count, 0)) as slots
      from webhook_endpoints e
      left join unnest(${ids}::uuid[], ${counts}::integer[]) as b(id, count) on b.id = e.id
      where e.enabled and e.retry_at <= now()
    ),
    due as materialized (
      select f.id, d.event_id, d.sink from free f
      cross join lateral (
        select d.event_id, d.sink, d.next_attempt_at from event_deliveries d
        where d.sink = f.sink and d.state = 'PENDING' and d.next_attempt_at <= now()
          and not ${waitsBehindEarlier(policy)}
        order by d.next_attempt_at, d.position limit f.slots
        for update skip locked
      ) d
      order by d.next_attempt_at limit ${total}
    )
    update event_deliveries d set attempts = d.attempts + 1, last_attempt_at = now(), duration_ms = null,
      first_attempt_at = coalesce(d.first_attempt_at, now()),
      next_attempt_at = now() + ${leaseMs}::double precision * interval '1 millisecond'
    from due join webhook_endpoints e on e.id = due.id
    where d.event_id = due.event_id and d.sink = due.sink
    returning e.id as "endpointId", d.event_id as "eventId", d.attempts, now() as "claimedAt", e.url, e.secret,
      case when e.previous_secret_until > now() then e.previous_secret end as "previousSecrets", e.is_configured as "isConfigured"`.execute(
    db,
  );
  return rows;
}

/** The secrets that a claimed delivery is signed with; throws when their key is missing. */
export function secretsOf({ secret, previousSecrets }: ClaimedDelivery) {
  return { secret: openSecret(secret), previousSecrets: previousSecrets?.split(' ').map(openSecret) ?? [] };
}

/** Makes claimed deliveries due again at once, as if they had not been claimed. */
export async function releaseDeliveries(db: Db, claimed: readonly ClaimedDelivery[]): Promise<void> {
  const rows = claimed.map(({ endpointId, eventId, attempts }) => ({ sink: sinkOf(endpointId), eventId, attempts }));
  await sql`
    update event_deliveries d set attempts = d.attempts - 1, next_attempt_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(sink text, "eventId" bigint, attempts integer)
    where d.event_id = r."eventId" and d.sink = r.sink and d.state = 'PENDING' and d.attempts = r.attempts`.execute(db);
}
