import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyRing } from '../../src/key-ring.ts';
import { encryptColumns } from '../../src/repositories/sealed-column.ts';
import { claimDeliveries, secretsOf, sinkOf } from '../../src/repositories/webhook-deliveries.ts';
import { insertEndpoint, replaceSecret } from '../../src/repositories/webhook-endpoints.ts';
import { createSigningSecret } from '../../src/webhook-signature.ts';
import { openOrders } from './orders.ts';

const a = ['a', randomBytes(32)] as const;
const b = ['b', randomBytes(32)] as const;

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
afterAll(() => orders.close());

async function insert(secret: string): Promise<string> {
  const endpoint = { url: 'https://shop.example.com/', eventTypes: ['*'], description: null, enabled: true, secret };
  return (await insertEndpoint(orders.db, endpoint)).id;
}

/** What the next delivery to the endpoint is claimed with. */
async function claim(endpointId: string) {
  const delivery = { sink: sinkOf(endpointId), event_id: 1, subject_id: uuidv7(), position: 1, type: 'order.created' };
  await orders.db.insertInto('event_deliveries').values(delivery).execute();
  const limits = { total: 1, perEndpoint: 1, busy: [], policy: 'hold', leaseMs: 1 } as const;
  const [claimed] = await claimDeliveries(orders.db, limits);
  await orders.db.deleteFrom('event_deliveries').execute();
  return claimed!;
}

test('a message is signed with the secret before as well, until its time is over', async () => {
  const [first, second] = [createSigningSecret(), createSigningSecret()];
  const id = await insert(first);
  expect(secretsOf(await claim(id))).toEqual({ secret: first, previousSecrets: [] });
  await replaceSecret(orders.db, id, second, 60_000);
  expect(secretsOf(await claim(id))).toEqual({ secret: second, previousSecrets: [first] });
  await sql`update webhook_endpoints set previous_secret_until = now() - interval '1 second'`.execute(orders.db);
  expect(secretsOf(await claim(id))).toEqual({ secret: second, previousSecrets: [] });
});

test('a secret that is replaced twice still signs: who lost the new one makes another, and the receiver knows neither', async () => {
  const secrets = Array.from({ length: 4 }, createSigningSecret);
  const [first, second, third, fourth] = secrets;
  const id = await insert(first!);
  await replaceSecret(orders.db, id, second!, 60_000);
  await replaceSecret(orders.db, id, third!, 60_000);
  expect(secretsOf(await claim(id))).toEqual({ secret: third, previousSecrets: [second, first] });
  await replaceSecret(orders.db, id, fourth!, 60_000);
  expect(secretsOf(await claim(id))).toEqual({ secret: fourth, previousSecrets: [third, second] });
  await sql`update webhook_endpoints set previous_secret_until = now() - interval '1 second'`.execute(orders.db);
  await replaceSecret(orders.db, id, first!, 60_000);
  expect(secretsOf(await claim(id))).toEqual({ secret: first, previousSecrets: [fourth] });
});

test('secrets are stored encrypted from when there are keys, and read with the old key and the new one', async () => {
  const secrets = [createSigningSecret(), createSigningSecret(), createSigningSecret()];
  const ids = [await insert(secrets[0]!)];
  encryptColumns(createKeyRing([a]));
  ids.push(await insert(secrets[1]!));
  encryptColumns(createKeyRing([b, a]));
  ids.push(await insert(secrets[2]!));
  const stored = await orders.db
    .selectFrom('webhook_endpoints')
    .select(['id', 'secret'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
  expect(stored.map(({ secret }) => secret)).toEqual([
    secrets[0],
    expect.stringMatching(/^enc:a:/),
    expect.stringMatching(/^enc:b:/),
  ]);
  for (const [index, id] of ids.entries()) expect(secretsOf(await claim(id)).secret).toBe(secrets[index]);
});

test('a secret whose key is missing signs nothing, and says so', async () => {
  encryptColumns(createKeyRing([a]));
  const id = await insert(createSigningSecret());
  encryptColumns(createKeyRing([b]));
  const claimed = await claim(id);
  expect(() => secretsOf(claimed)).toThrow('PAYLOAD_KEYS');
});
