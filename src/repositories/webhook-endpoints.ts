import { sql, type Selectable, type UpdateObject } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import type { Db, Schema } from './schema.ts';
import type { WebhookEndpointsTable } from './schema/webhook-tables.ts';
import { isSealedText, openText, sealText } from './sealed-column.ts';

/** What a new endpoint is made of. */
export interface NewWebhookEndpoint {
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly description: string | null;
  readonly enabled: boolean;
  readonly secret: string;
}

/** What of an endpoint can be changed by hand. */
export type EndpointChanges = Partial<Omit<NewWebhookEndpoint, 'secret'>>;

/** Writes a new endpoint. */
export async function insertEndpoint(
  db: Db,
  { url, eventTypes, description, enabled, secret }: NewWebhookEndpoint,
): Promise<WebhookEndpoint> {
  const row = await db
    .insertInto('webhook_endpoints')
    .values({
      id: uuidv7(),
      url,
      event_types: [...eventTypes],
      description,
      ...(enabled ? switchedOn : switchedOff('BY_HAND')),
      secret: sealSecret(secret),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toEndpoint(row);
}

/** The endpoint with this id. */
export async function findEndpoint(db: Db, id: string): Promise<WebhookEndpoint | undefined> {
  const row = await db.selectFrom('webhook_endpoints').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toEndpoint(row);
}

/** The same, locked until the caller's transaction ends. */
export async function lockEndpoint(db: Db, id: string): Promise<WebhookEndpoint | undefined> {
  const select = db.selectFrom('webhook_endpoints').selectAll().where('id', '=', id).forUpdate();
  const row = await select.executeTakeFirst();
  return row && toEndpoint(row);
}

/** Up to `limit` endpoints, the oldest first, from the one after `after`. */
export async function listEndpoints(db: Db, limit: number, after: string | undefined): Promise<WebhookEndpoint[]> {
  const select = db.selectFrom('webhook_endpoints').selectAll().orderBy('id').limit(limit);
  const rows = await (after === undefined ? select : select.where('id', '>', after)).execute();
  return rows.map(toEndpoint);
}

/** Changes an endpoint. Enabling it forgets how it failed. */
export async function updateEndpoint(db: Db, id: string, changes: EndpointChanges): Promise<WebhookEndpoint> {
  const { url, eventTypes, description, enabled } = changes;
  return write(db, id, {
    ...(url !== undefined && { url }),
    ...(eventTypes !== undefined && { event_types: [...eventTypes] }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && (enabled ? switchedOn : switchedOff('BY_HAND'))),
  });
}

/** Gives an endpoint a new secret; see {@link replacedBy}. */
export async function replaceSecret(db: Db, id: string, secret: string, overlapMs: number): Promise<WebhookEndpoint> {
  return write(db, id, replacedBy(secret, overlapMs));
}

/**
 * The changes of a row that make `secret` its newest. The secret before it goes on signing for `overlapMs`, and so does the one before that if it
 * still did: after two rotations in a row the receiver may know only the oldest. Older secrets are stored with a space between them.
 */
export function replacedBy(secret: string, overlapMs: number) {
  return {
    secret: sealSecret(secret),
    previous_secret: sql<string>`secret || case when previous_secret_until > now() then ' ' || split_part(previous_secret, ' ', 1) else '' end`,
    previous_secret_until: sql<Date>`now() + ${overlapMs}::double precision * interval '1 millisecond'`,
  };
}

/** Has an endpoint that fails tried at once. */
export async function endPause(db: Db, id: string): Promise<void> {
  await db.updateTable('webhook_endpoints').set({ retry_at: switchedOn.retry_at }).where('id', '=', id).execute();
}

/** Removes an endpoint. */
export async function deleteEndpoint(db: Db, id: string): Promise<void> {
  await db.deleteFrom('webhook_endpoints').where('id', '=', id).execute();
}

/** The secret that a row holds; throws when its key is missing. */
export function openSecret(stored: string): string {
  const secret = openText(PURPOSE, stored);
  if (isSealedText(secret))
    throw new Error("the endpoint's secret is encrypted with a key that PAYLOAD_KEYS does not have");
  return secret;
}

/** A secret as its row holds it. */
export function sealSecret(secret: string): string {
  return sealText(PURPOSE, secret);
}

/** What secrets are encrypted for. They begin with `whsec_`, which no encrypted text does. */
const PURPOSE = 'webhook-secret';

/** An endpoint that is enabled, as if it had never failed. */
export const switchedOn = {
  enabled: true,
  disabled_reason: null,
  disabled_at: null,
  failures: 0,
  failing_since: null,
  last_failed_at: null,
  retry_at: sql<Date>`'-infinity'`,
  last_error: null,
};

function switchedOff(reason: 'BY_HAND') {
  return { enabled: false, disabled_reason: reason, disabled_at: sql<Date>`now()` };
}

async function write(db: Db, id: string, changes: UpdateObject<Schema, 'webhook_endpoints'>): Promise<WebhookEndpoint> {
  const row = await db
    .updateTable('webhook_endpoints')
    .set({ ...changes, updated_at: sql`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toEndpoint(row);
}

function toEndpoint(row: Selectable<WebhookEndpointsTable>): WebhookEndpoint {
  const hasPrevious = row.previous_secret_until !== null && row.previous_secret_until > new Date();
  return {
    id: row.id,
    url: row.url,
    eventTypes: row.event_types,
    description: row.description,
    enabled: row.enabled,
    isConfigured: row.is_configured,
    disabledReason: row.disabled_reason,
    disabledAt: row.disabled_at,
    failingSince: row.failing_since,
    lastError: row.last_error,
    previousSecretUntil: hasPrevious ? row.previous_secret_until : null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
