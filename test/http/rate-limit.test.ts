import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../src/http/app.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { signedHeaders } from '../../src/webhook-signature.ts';
import { PAYMENT_WEBHOOK_SECRET } from './payment-messages.ts';
import { startApiRig, token, type ApiRig, type RequestOptions } from './api-rig.ts';

const LIMIT = 5;
const WEBHOOK_LIMIT = 8;
let rig: ApiRig;
let user = 0;

beforeAll(async () => {
  const settings = { RATE_LIMIT: String(LIMIT), WEBHOOK_RATE_LIMIT: String(WEBHOOK_LIMIT), PAYMENT_WEBHOOK_SECRET };
  rig = await startApiRig({ settings });
});
afterAll(() => rig.stop());
beforeEach(() => (user += 1));

const ask = (options: RequestOptions = {}) => rig.request('GET', '/api/v1/orders', { sub: `user-${user}`, ...options });
const times = async (count: number, options: RequestOptions = {}) => {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await ask(options)).status);
  return statuses;
};
const used = async (key: string) => {
  const { rows } = await sql<{ points: number }>`select points from rate_limits where key = ${key}`.execute(
    rig.database.db,
  );
  return rows[0]?.points ?? 0;
};

const from = (remoteAddress: string, authorization?: string) =>
  rig.api.request(
    '/api/v1/orders',
    { headers: authorization === undefined ? {} : { authorization } },
    { incoming: { socket: { remoteAddress } } },
  );

describe('a user', () => {
  test('is told how many requests are left, and when to retry at the limit', async () => {
    const { headers } = await ask();
    expect(headers.get('ratelimit-policy')).toBe(`"user";q=${LIMIT};w=60`);
    expect(headers.get('ratelimit')).toBe(`"user";r=${LIMIT - 1};t=60`);
    expect(await times(LIMIT - 1)).toEqual([200, 200, 200, 200]);
    const refused = await ask();
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(refused.headers.get('ratelimit')).toMatch(/^"user";r=0;t=\d+$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask({ sub: 'somebody else' })).status).toBe(200);
  });

  test('is counted by all processes together, and by one statement', async () => {
    const other = createApi(rig.parts);
    const authorization = `Bearer ${await token(`user-${user}`, ['customer'])}`;
    const statuses: number[] = [];
    for (let n = 0; n < LIMIT; n += 1) {
      statuses.push((await (n % 2 ? other : rig.api).request('/api/v1/orders', { headers: { authorization } })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect((await ask()).status).toBe(429);
    expect((await other.request('/api/v1/orders', { headers: { authorization } })).status).toBe(429);
    expect(await used(`user:user-${user}`)).toBe(LIMIT + 2);
  });

  test('that exceeds the limit causes no database queries', async () => {
    await times(LIMIT + 1);
    expect(await times(20)).toEqual(Array.from({ length: 20 }, () => 429));
    expect(await used(`user:user-${user}`)).toBe(LIMIT + 1);
  });

  test('is counted with every request, refused ones included', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/orders/x'],
      ['GET', '/api/v1/orders?x=1'],
      ['PUT', '/api/v1/orders/x/status'],
      ['POST', '/api/v1/orders'],
      ['GET', '/api/v1/audit'],
    ] as const) {
      await rig.request(method, path, { sub: `user-${user}` });
    }
    expect((await ask()).status).toBe(429);
  });

  test.each(['support', 'operator', 'admin'] as const)('with the role %s is limited as well', async (as) => {
    expect(await times(LIMIT + 1, { as })).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test('with the role service is not limited', async () => {
    expect(new Set(await times(3 * LIMIT, { as: 'service' }))).toEqual(new Set([200]));
    expect((await ask({ as: 'service' })).headers.get('ratelimit')).toBeNull();
    expect(await used(`user:user-${user}`)).toBe(0);
  });
});

test('failures to authenticate are limited by address and never limit a caller with a token', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < LIMIT + 1; n += 1) {
    statuses.push(
      (await from(n % 2 ? '2001:db8::1' : '2001:db8:0:0:ff::2', n % 2 ? 'Bearer a.b.c' : undefined)).status,
    );
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  expect((await from('2001:db8:0:1::1')).status).toBe(401);
  expect((await from('::ffff:192.0.2.1')).status).toBe(401);
  expect(await used('failures:192.0.2.1')).toBe(1);
  const good = `Bearer ${await token(`user-${user}`, ['customer'])}`;
  expect((await from('2001:db8::1', good)).status).toBe(200);
});

test('a token that has expired is said to have, however often it comes, and hides nobody else', async () => {
  const expired = await token('late', ['customer'], '-1s');
  const statuses: number[] = [];
  for (let n = 0; n < 2 * LIMIT; n += 1) statuses.push((await from('192.0.2.77', `Bearer ${expired}`)).status);
  expect(new Set(statuses)).toEqual(new Set([401]));
  expect(await used('failures:192.0.2.77')).toBe(0);
});

test.each(['/healthz', '/readyz', '/docs', '/openapi.json'])('%s is not limited', async (path) => {
  const statuses = new Set<number>();
  for (let n = 0; n < 3 * LIMIT; n += 1) statuses.add((await rig.request('GET', path, { as: null })).status);
  expect(statuses).toEqual(new Set([200]));
});

const sendWebhook = (n: number, headers: Record<string, string>, body: string) =>
  rig.request('POST', '/api/v1/webhooks/payments', {
    as: null,
    body,
    headers: { ...headers, 'x-request-id': `m-${n}` },
  });
const sendSigned = (n: number) => {
  const body = JSON.stringify({ type: 'payment.imagined', n });
  return sendWebhook(n, signedHeaders(PAYMENT_WEBHOOK_SECRET, `m-${n}`, body), body);
};

describe('webhooks of the payment service', () => {
  test('that are signed are limited by address, by a limit of their own', async () => {
    const answers = [];
    for (let n = 0; n < WEBHOOK_LIMIT + 2; n += 1) answers.push(await sendSigned(n));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(WEBHOOK_LIMIT).fill(202), 429, 429]);
    const refused = answers.at(-1);
    expect([refused?.body.code, refused?.headers.get('ratelimit-policy')]).toEqual([
      'RATE_LIMITED',
      `"webhooks";q=${WEBHOOK_LIMIT};w=60`,
    ]);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('that are not signed count as failures to authenticate, whatever is wrong with them', async () => {
    const body = '{"type":"payment.imagined"}';
    const forged = { ...signedHeaders(PAYMENT_WEBHOOK_SECRET, 'm', body), 'webhook-signature': 'v1,AAAA' };
    const statuses: number[] = [];
    for (let n = 0; n < LIMIT + 2; n += 1) statuses.push((await sendWebhook(n, n % 2 ? forged : {}, body)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

test('without the database the limit is kept by each process, and no request fails for it', async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  const database = openDatabase(url, { max: 2, name: 'test', onError: () => {} });
  const api = createApi({ ...rig.parts, database });
  const headers = { authorization: `Bearer ${await token(`user-${user}`, ['customer'])}` };
  const statuses: number[] = [];
  for (let n = 0; n < LIMIT + 1; n += 1) statuses.push((await api.request('/api/v1/orders', { headers })).status);
  expect(statuses).toEqual([503, 503, 503, 503, 503, 429]);
  await database.close();
});
