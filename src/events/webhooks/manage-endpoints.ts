import { invalidRequest, Refusal } from '../../domain/refusal.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { WebhookEndpoint } from '../../domain/webhook-endpoint.ts';
import { deleteDeliveries, hurryDeliveries } from '../../repositories/delivery-log.ts';
import type { Db } from '../../repositories/schema.ts';
import { registerWebhookSink, unregisterWebhookSink } from '../../repositories/webhook-deliveries.ts';
import {
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  lockEndpoint,
  replaceSecret,
  updateEndpoint,
  type EndpointChanges,
  type NewWebhookEndpoint,
} from '../../repositories/webhook-endpoints.ts';
import { createSigningSecret } from '../../webhook-signature.ts';
import { faultOfUrl, type UrlRules } from './check-url.ts';

/** What endpoints are managed with. */
export interface EndpointDependencies {
  readonly db: Db;
  readonly rules: UrlRules;
  /** How long messages are signed with the secret before as well. */
  readonly secretOverlapMs: number;
}

/** An endpoint with its secret, which is told this once. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Makes an endpoint with a secret of its own. Throws VALIDATION when events can't be sent to its URL. */
export async function createEndpoint(
  { db, rules }: EndpointDependencies,
  asked: Omit<NewWebhookEndpoint, 'secret'>,
): Promise<EndpointWithSecret> {
  await requireUrl(asked.url, rules);
  const secret = createSigningSecret();
  return db.transaction().execute(async (transaction) => {
    await registerWebhookSink(transaction);
    return { endpoint: await insertEndpoint(transaction, { ...asked, secret }), secret };
  });
}

/** The endpoint with this id. Throws NOT_FOUND. */
export async function readEndpoint(db: Db, id: string): Promise<WebhookEndpoint> {
  return (isUuid(id) ? await findEndpoint(db, id) : undefined) ?? noSuchEndpoint(id);
}

/**
 * Changes an endpoint; enabling it sends what has waited for it, in order. Throws NOT_FOUND, VALIDATION when events can't be sent to the
 * new URL, and FORBIDDEN when anything but `enabled` of the endpoint of the settings is to change.
 */
export async function changeEndpoint(
  { db, rules }: EndpointDependencies,
  id: string,
  changes: EndpointChanges,
): Promise<WebhookEndpoint> {
  if (changes.url !== undefined) await requireUrl(changes.url, rules);
  return db.transaction().execute(async (transaction) => {
    const endpoint = await requireLocked(transaction, id);
    const { enabled, ...others } = changes;
    if (Object.keys(others).length > 0) refuseConfigured(endpoint);
    // How an endpoint was disabled stays on record when it is disabled again.
    const isSwitched = enabled !== undefined && enabled !== endpoint.enabled;
    if (isSwitched && enabled) await hurryDeliveries(transaction, id);
    return updateEndpoint(transaction, id, isSwitched ? changes : others);
  });
}

/** Gives an endpoint a new secret; messages are signed with the one before as well for a while. Throws NOT_FOUND, and FORBIDDEN for the endpoint of the settings. */
export async function rotateSecret(
  { db, secretOverlapMs }: EndpointDependencies,
  id: string,
): Promise<EndpointWithSecret> {
  const secret = createSigningSecret();
  return db.transaction().execute(async (transaction) => {
    refuseConfigured(await requireLocked(transaction, id));
    return { endpoint: await replaceSecret(transaction, id, secret, secretOverlapMs), secret };
  });
}

/** Removes an endpoint with all that waits for it; returns it as it was. Throws NOT_FOUND, and FORBIDDEN for the endpoint of the settings. */
export async function removeEndpoint({ db }: EndpointDependencies, id: string): Promise<WebhookEndpoint> {
  return db.transaction().execute(async (transaction) => {
    const endpoint = await requireLocked(transaction, id);
    refuseConfigured(endpoint);
    await deleteEndpoint(transaction, id);
    await deleteDeliveries(transaction, id);
    await unregisterWebhookSink(transaction);
    return endpoint;
  });
}

async function requireUrl(url: string, rules: UrlRules): Promise<void> {
  const message = await faultOfUrl(url, rules);
  if (message !== undefined) throw invalidRequest([{ pointer: '/url', message }]);
}

async function requireLocked(transaction: Db, id: string): Promise<WebhookEndpoint> {
  return (isUuid(id) ? await lockEndpoint(transaction, id) : undefined) ?? noSuchEndpoint(id);
}

function noSuchEndpoint(id: string): never {
  throw new Refusal('NOT_FOUND', `There is no webhook endpoint "${id}".`);
}

function refuseConfigured({ isConfigured }: WebhookEndpoint): void {
  if (!isConfigured) return;
  throw new Refusal(
    'FORBIDDEN',
    'This endpoint is made by EVENTS_URL and EVENTS_SECRET: change those, and start again. Only "enabled" can be changed here.',
  );
}
