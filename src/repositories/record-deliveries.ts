import { sql } from 'kysely';
import type { EventData } from '../domain/order-event.ts';
import type { DisabledReason } from '../domain/webhook-endpoint.ts';
import type { Db } from './schema.ts';
import { sinkOf } from './webhook-deliveries.ts';

/** What one attempt at a delivery came to. */
export interface DeliveryAttempt {
  readonly endpointId: string;
  readonly eventId: number;
  /** As claimed. */
  readonly attempts: number;
  readonly claimedAt: Date;
  readonly status: number | null;
  readonly durationMs: number;
  /** Null when it was delivered. */
  readonly error: string | null;
  /** From now until the next attempt. */
  readonly retryMs: number;
  /** How long the endpoint asked to be left alone. */
  readonly pauseMs: number;
  /** Whether the answer is about this event, and says nothing against the endpoint. */
  readonly isRefusal: boolean;
  /** Whether the receiver says that it is there no more. */
  readonly isGone: boolean;
}

/** How long failures are put up with. */
export interface FailureRules {
  /** After so long of nothing but failures an endpoint is disabled. */
  readonly disableAfterMs: number;
  /** After so long a delivery is a dead letter. */
  readonly deadAfterMs: number;
}

/** An endpoint that was disabled just now. */
export interface DisabledEndpoint {
  readonly id: string;
  readonly url: string;
  readonly reason: DisabledReason;
  readonly failingSince: Date;
  readonly lastError: string | null;
  readonly disabledAt: Date;
}

/**
 * Writes what attempts came to, in one transaction: the deliveries, how their endpoints stand, and the event of each endpoint that is disabled by
 * it. Returns those. What another process has claimed meanwhile is left to it.
 */
export async function recordDeliveries(
  db: Db,
  attempts: readonly DeliveryAttempt[],
  rules: FailureRules,
): Promise<readonly DisabledEndpoint[]> {
  const failed = attempts.filter(({ error }) => error !== null);
  if (failed.length === 0) {
    await writeAttempts(db, attempts, rules);
    return [];
  }
  return db.transaction().execute(async (transaction) => {
    await writeFailures(transaction, failed);
    const disabled = await disableFailing(transaction, failed, rules);
    await writeAttempts(transaction, attempts, rules);
    return disabled;
  });
}

/** The deliveries, and that endpoints which have accepted one are well again. While an endpoint is disabled none of its deliveries becomes a dead letter. */
async function writeAttempts(
  db: Db,
  attempts: readonly DeliveryAttempt[],
  { deadAfterMs }: FailureRules,
): Promise<void> {
  const rows = attempts.map((attempt) => ({ ...attempt, sink: sinkOf(attempt.endpointId) }));
  await sql`
    with recorded as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
        "endpointId" uuid, sink text, "eventId" bigint, attempts integer, status integer, "durationMs" integer, error text, "retryMs" float8)
    ),
    recovered as (
      update webhook_endpoints e set failures = 0, failing_since = null, last_failed_at = null, retry_at = '-infinity', last_error = null
      where e.failing_since is not null and e.enabled
        and e.id in (select "endpointId" from recorded where error is null)
    )
    update event_deliveries d set
      state = case
        when r.error is null then 'DELIVERED'
        when e.enabled and d.first_attempt_at <= now() - ${deadAfterMs}::double precision * interval '1 millisecond' then 'DEAD'
        else 'PENDING' end,
      delivered_at = case when r.error is null then now() end,
      response_status = r.status, duration_ms = r."durationMs", last_error = r.error,
      next_attempt_at = now() + r."retryMs" * interval '1 millisecond'
    from recorded r left join webhook_endpoints e on e.id = r."endpointId"
    where d.event_id = r."eventId" and d.sink = r.sink and d.state = 'PENDING' and d.attempts = r.attempts`.execute(db);
}

/** A failing endpoint is tried after a second at first, twice as long each time, a minute at most, so that one that is back is noticed soon. */
const pauseOfFailing = sql`least(60, power(2, least(e.failures, 10) - 1)) * (0.8 + 0.4 * random()) * interval '1 second'`;

/**
 * How endpoints stand that have failed. Deliveries that were under way together count as one failure. A first failure may be the event's, and pauses
 * nothing; nor does a refusal of an event.
 */
async function writeFailures(db: Db, failed: readonly DeliveryAttempt[]): Promise<void> {
  const ofEndpoints = Map.groupBy(failed, ({ endpointId }) => endpointId);
  const rows = [...ofEndpoints].map(([id, ofEndpoint]) => ({
    id,
    claimedAt: new Date(Math.max(...ofEndpoint.map(({ claimedAt }) => claimedAt.getTime()))),
    error: ofEndpoint.at(-1)?.error,
    pauseMs: Math.max(...ofEndpoint.map(({ pauseMs }) => pauseMs)),
    isRefusal: ofEndpoint.every(({ isRefusal }) => isRefusal),
  }));
  await sql`
    update webhook_endpoints e set
      failures = e.failures + case when e.last_failed_at > r."claimedAt" then 0 else 1 end,
      failing_since = coalesce(e.failing_since, now()), last_failed_at = now(), last_error = r.error,
      retry_at = greatest(e.retry_at, now() + r."pauseMs" * interval '1 millisecond',
        case when e.failures > 0 and not r."isRefusal" then now() + ${pauseOfFailing} end)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      id uuid, "claimedAt" timestamptz, error text, "pauseMs" float8, "isRefusal" boolean)
    where e.id = r.id and e.enabled`.execute(db);
}

/** Disables endpoints that are gone or have failed for too long, with an event of each to those that want it. */
async function disableFailing(
  db: Db,
  failed: readonly DeliveryAttempt[],
  { disableAfterMs }: FailureRules,
): Promise<readonly DisabledEndpoint[]> {
  const ids = [...new Set(failed.map(({ endpointId }) => endpointId))];
  const gone = failed.flatMap(({ isGone, endpointId }) => (isGone ? [endpointId] : []));
  const { rows } = await sql<DisabledEndpoint>`
    update webhook_endpoints e set enabled = false, disabled_at = now(), updated_at = now(),
      disabled_reason = case when e.id = any(${gone}::uuid[]) then 'GONE' else 'FAILING' end
    where e.id = any(${ids}::uuid[]) and e.enabled
      and (e.id = any(${gone}::uuid[]) or e.failing_since <= now() - ${disableAfterMs}::double precision * interval '1 millisecond')
    returning e.id, e.url, e.disabled_reason as reason, e.failing_since as "failingSince", e.last_error as "lastError",
      e.disabled_at as "disabledAt"`.execute(db);
  if (rows.length > 0) await db.insertInto('outbox').values(rows.map(eventOf)).execute();
  return rows;
}

function eventOf({ id, url, reason, failingSince, lastError, disabledAt }: DisabledEndpoint) {
  const payload: EventData<'webhook_endpoint.disabled'> = {
    endpoint_id: id,
    url,
    reason,
    failing_since: failingSince.toISOString(),
    last_error: lastError,
    what_to_do: `Bring the receiver back, then enable the endpoint: orders endpoints enable ${id}. What waits for it is then sent in order.`,
    occurred_at: disabledAt.toISOString(),
  };
  return { subject_id: id, type: 'webhook_endpoint.disabled', payload: JSON.stringify(payload) };
}
