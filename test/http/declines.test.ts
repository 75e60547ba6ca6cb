import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../src/http/app.ts';
import { startApiRig, token, type ApiRig, type RequestOptions } from './api-rig.ts';

const PER_ORDER = 3;
const PER_CUSTOMER = 5;
const WINDOW_SECONDS = 600;

let rig: ApiRig;
let customers = 0;
let sub: string;

beforeAll(async () => {
  rig = await startApiRig({
    settings: {
      PAYMENT_DECLINES_PER_ORDER: String(PER_ORDER),
      PAYMENT_DECLINES_PER_CUSTOMER: String(PER_CUSTOMER),
      PAYMENT_DECLINE_WINDOW: `${WINDOW_SECONDS}s`,
    },
  });
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.mode = 'up';
  rig.commands.sent.length = 0;
  sub = `customer-${(customers += 1)}`;
  await rig.sandbox.call('PUT', `/users/${sub}`, { name: sub, email: 'c@example.com', status: 'ACTIVE' });
});

const placeDeclined = async () =>
  (await rig.place({ payment_method: 'tok_declined' }, { sub })).body.order_id as string;
const pay = (id: string, method = 'tok_declined', more: RequestOptions = {}) =>
  rig.request('POST', `/api/v1/orders/${id}/payment`, { sub, body: { payment_method: method }, ...more });
const payTimes = async (id: string, times: number) => {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push((await pay(id)).status);
  return statuses;
};
/** Lets the declines of the customer be older than they are. */
const wait = (seconds: number) =>
  rig.database.pool.query(
    `update order_payment_transactions set at = at - $1 * interval '1 second' where declined_customer_id = $2`,
    [seconds, sub],
  );

describe('declined payments', () => {
  test('of one order are let through up to the limit, then refused before the saga hears of them', async () => {
    const id = await placeDeclined();
    expect(await payTimes(id, 4)).toEqual([402, 402, 429, 429]);
    expect(rig.commands.sent).toHaveLength(PER_ORDER - 1);
    const { body, headers } = await pay(id, 'tok_ok');
    expect([body.code, headers.get('ratelimit-policy')]).toEqual([
      'RATE_LIMITED',
      `"declines of one order";q=${PER_ORDER};w=${WINDOW_SECONDS}`,
    ]);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(WINDOW_SECONDS - 60);
    expect(seconds).toBeLessThanOrEqual(WINDOW_SECONDS);
    expect(headers.get('ratelimit')).toBe(`"declines of one order";r=0;t=${seconds}`);
  });

  test('of one customer are counted over all orders, and by all processes', async () => {
    const [first, second] = [await placeDeclined(), await placeDeclined()];
    expect(await payTimes(first, 1)).toEqual([402]);
    expect(await payTimes(second, 3)).toEqual([402, 402, 429]);
    const third = await pay(first, 'tok_ok');
    expect([third.status, third.headers.get('ratelimit-policy')]).toEqual([
      429,
      `"declines of one customer";q=${PER_CUSTOMER};w=${WINDOW_SECONDS}`,
    ]);
    const other = createApi(rig.parts);
    const headers = { authorization: `Bearer ${await token(sub, ['customer'])}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ payment_method: 'tok_ok' });
    expect((await other.request(`/api/v1/orders/${first}/payment`, { method: 'POST', headers, body })).status).toBe(
      429,
    );
  });

  test('keep the customer from placing orders to try cards with, and leave no order behind', async () => {
    for (let n = 0; n < PER_CUSTOMER; n += 1) await placeDeclined();
    const before = (await rig.orders()).length;
    const refused = await rig.place({ payment_method: 'tok_ok' }, { sub });
    expect([refused.status, refused.body.code, (await rig.orders()).length]).toEqual([429, 'RATE_LIMITED', before]);
    expect((await rig.place({}, { sub: 'alice' })).status).toBe(201);
    expect((await rig.place({ customer_id: sub }, { as: 'service', sub: 'shop' })).status).toBe(201);
  });

  test('count until the window is over', async () => {
    const id = await placeDeclined();
    await payTimes(id, PER_ORDER - 1);
    await wait(WINDOW_SECONDS - 30);
    expect(Number((await pay(id)).headers.get('retry-after'))).toBeLessThanOrEqual(30);
    await wait(30);
    expect((await pay(id, 'tok_ok')).status).toBe(200);
  });

  test('hide no answer from a request that is sent again', async () => {
    const headers = { 'Idempotency-Key': `${sub}-placed` };
    const placed = await rig.place({ payment_method: 'tok_declined' }, { sub, headers });
    const id = placed.body.order_id;
    const key = { headers: { 'Idempotency-Key': `${sub}-paid` } };
    await payTimes(id, PER_ORDER - 2);
    expect((await pay(id, 'tok_ok', key)).status).toBe(200);
    for (let n = 0; n < PER_CUSTOMER; n += 1) await placeDeclined();
    expect((await pay(id, 'tok_ok', key)).status).toBe(200);
    const again = await rig.place({ payment_method: 'tok_declined' }, { sub, headers });
    expect([again.status, again.body.id ?? again.body.order_id]).toEqual([201, id]);
  });

  test('of others, and of long ago, count for nobody', async () => {
    for (let n = 0; n < PER_CUSTOMER; n += 1) await placeDeclined();
    sub = 'bob';
    expect(await payTimes(await placeDeclined(), 2)).toEqual([402, 402]);
  });
});
