import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { Db } from './schema.ts';
import { registerWebhookSink } from './webhook-deliveries.ts';
import { openSecret, replacedBy, sealSecret, switchedOn } from './webhook-endpoints.ts';

/** The receiver that the settings name. */
export interface ConfiguredReceiver {
  readonly url: string;
  readonly secret: string;
}

/**
 * Makes the endpoint of the settings, or changes it to what they say now; a secret that was replaced signs as well for `overlapMs`.
 * One that the settings no longer named before is taken again with what waits for it, and one whose secret was encrypted with a key that is
 * missing signs with that of the settings. Rejects while the database is away only.
 */
export async function putConfiguredEndpoint(
  db: Db,
  { url, secret }: ConfiguredReceiver,
  overlapMs: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Also for whoever starts at the same moment: they would make two endpoints.
    await registerWebhookSink(transaction);
    const known = await findConfigured(transaction, url);
    if (!known) return insertConfigured(transaction, { url, secret });
    const before = openUnlessKeyIsMissing(known.secret);
    const isReplaced = before !== secret;
    const isNew = known.url !== url || isReplaced || known.disabled_reason === 'NOT_CONFIGURED';
    await transaction
      .updateTable('webhook_endpoints')
      .set({
        url,
        is_configured: true,
        ...(isNew && { ...switchedOn, updated_at: sql<Date>`now()` }),
        ...(before === undefined ? replacedAtOnceBy(secret) : isReplaced && replacedBy(secret, overlapMs)),
      })
      .where('id', '=', known.id)
      .execute();
  });
}

/** Makes the endpoint of the settings unless it is on record: then it stays as it is, whatever they say now. */
export async function addConfiguredEndpoint(db: Db, receiver: ConfiguredReceiver): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await registerWebhookSink(transaction);
    if (!(await findConfigured(transaction, receiver.url))) await insertConfigured(transaction, receiver);
  });
}

function findConfigured(transaction: Db, url: string) {
  return transaction
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where(sql<boolean>`is_configured or (disabled_reason = 'NOT_CONFIGURED' and url = ${url})`)
    .orderBy('is_configured', 'desc')
    .executeTakeFirst();
}

async function insertConfigured(transaction: Db, { url, secret }: ConfiguredReceiver): Promise<void> {
  const row = { id: uuidv7(), url, event_types: ['*'], description: 'EVENTS_URL', is_configured: true };
  await transaction
    .insertInto('webhook_endpoints')
    .values({ ...row, secret: sealSecret(secret) })
    .execute();
}

function openUnlessKeyIsMissing(stored: string): string | undefined {
  try {
    return openSecret(stored);
  } catch {
    return undefined;
  }
}

/** Nothing can be signed with the secret before. */
function replacedAtOnceBy(secret: string) {
  return { secret: sealSecret(secret), previous_secret: null, previous_secret_until: null };
}

/** Disables the endpoint that settings made before and no longer name; from now on it can be changed and removed like any other. */
export async function releaseConfiguredEndpoint(db: Db): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({
      is_configured: false,
      enabled: false,
      disabled_reason: 'NOT_CONFIGURED',
      disabled_at: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    })
    .where('is_configured', '=', true)
    .execute();
}
