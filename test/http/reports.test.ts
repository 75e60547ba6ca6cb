import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import { someOrder, transitionTo } from '../repositories/orders.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

const november = 'from=2026-11-01&to=2026-12-01';
const read = async (path: string) => {
  const { status, body } = await rig.request('GET', `/api/v1/reports/${path}`, { as: 'support', sub: 'sam' });
  expect(status).toBe(200);
  return body;
};

beforeAll(async () => {
  rig = await startApiRig();
  await order('2026-11-02T10:00:00Z', 'EUR', 2_500, ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED']);
  await order('2026-11-02T23:59:59.999Z', 'EUR', 1_005, ['CONFIRMED']);
  await order('2026-11-03T00:00:00Z', 'EUR', 5_000, ['CONFIRMED', 'CANCELLED'], 5_000);
  await order('2026-11-03T09:00:00Z', 'JPY', 3_000, ['CONFIRMED', 'PROCESSING', 'SHIPPED']);
  await order('2026-12-01T00:00:00Z', 'EUR', 9_900, []);
});
afterAll(() => rig.stop());

/** Places an order of that moment over lines of one piece, and brings it along, a minute for each status. */
async function order(
  at: string,
  currency: string,
  totalMinor: number,
  way: OrderStatus[],
  refundedMinor?: number,
): Promise<void> {
  const items = [
    { ...someOrder().items[0]!, sku: currency === 'EUR' ? 'TEAPOT' : 'CUP', unitPriceMinor: totalMinor, quantity: 1 },
  ];
  const accepted = someOrder({ currency, subtotalMinor: totalMinor, totalMinor, items });
  const { db } = rig.database;
  await acceptOrder(db, accepted, null);
  await sql`update orders set created_at = ${at}::timestamptz where id = ${accepted.id}`.execute(db);
  for (const to of way) {
    const refund = to === 'CANCELLED' ? { refundedMinor } : {};
    await transitionOrder(db, transitionTo(accepted.id, to, refund));
  }
  await sql`
    update orders set confirmed_at = created_at + interval '1 minute' * sign(extract(epoch from confirmed_at)),
      shipped_at = created_at + interval '3 minutes' * sign(extract(epoch from shipped_at)),
      delivered_at = created_at + interval '4 minutes' * sign(extract(epoch from delivered_at))
    where id = ${accepted.id}`.execute(db);
}

function line(period: string, currency: string, status: string, total: string, refunded: string) {
  const net = Number(total) - Number(refunded);
  return { period, currency, status, orders: 1, total, refunded, net: net.toFixed(currency === 'JPY' ? 0 : 2) };
}

function times(milestone: string, orders: number, seconds: number) {
  return { milestone, orders, p50: seconds, p90: seconds, p95: seconds, p99: seconds };
}

describe('the sales report', () => {
  test('adds up by day, currency and status, with the decimals of each currency', async () => {
    const { data, from, to } = await read(`sales?${november}`);
    expect([from, to]).toEqual(['2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z']);
    expect(data).toEqual([
      line('2026-11-02', 'EUR', 'CONFIRMED', '10.05', '0.00'),
      line('2026-11-02', 'EUR', 'DELIVERED', '25.00', '0.00'),
      line('2026-11-03', 'EUR', 'CANCELLED', '50.00', '50.00'),
      line('2026-11-03', 'JPY', 'SHIPPED', '3000', '0'),
    ]);
  });

  test.each([
    ['week', '2026-11-02'],
    ['month', '2026-11-01'],
  ])('adds up by %s', async (group, period) => {
    const { data } = await read(`sales?${november}&group=${group}`);
    expect(new Set(data.map((entry: { period: string }) => entry.period))).toEqual(new Set([period]));
  });

  test('is exact beyond what a double holds', async () => {
    const many = Number.MAX_SAFE_INTEGER;
    for (const hour of [1, 2, 3]) await order(`2024-02-01T0${hour}:00:00Z`, 'EUR', many, []);
    const { data } = await read('sales?from=2024-02-01&to=2024-02-02');
    expect(data[0].total).toBe('270215977642229.73');
  });
});

test('the status report counts every status, also those that no order has', async () => {
  const { data } = await read(`statuses?${november}`);
  expect(data).toHaveLength(9);
  expect(data).toContainEqual({ status: 'CONFIRMED', orders: 1, share: 0.25 });
  expect(data).toContainEqual({ status: 'PENDING', orders: 0, share: 0 });
  expect((await read('statuses?from=2020-01-01&to=2020-01-02')).data[0]).toEqual({
    status: 'PENDING',
    orders: 0,
    share: 0,
  });
});

test('the product report ranks what was sold and kept, with what it brought in', async () => {
  const { data } = await read(`products?${november}`);
  const product = { product_id: 'p1', name: 'Teapot' };
  expect(data).toEqual([
    {
      ...product,
      sku: 'TEAPOT',
      orders: 2,
      quantity: 2,
      revenue: [{ currency: 'EUR', amount: '35.05', net_amount: '35.05' }],
    },
    {
      ...product,
      sku: 'CUP',
      orders: 1,
      quantity: 1,
      revenue: [{ currency: 'JPY', amount: '3000', net_amount: '3000' }],
    },
  ]);
  expect((await read(`products?${november}&limit=1`)).data).toHaveLength(1);
});

test('the product report says what was brought in less the discounts, whose shares add up exactly', async () => {
  const lines = [333, 333, 334].map((unitPriceMinor, n) => ({
    ...someOrder().items[0]!,
    id: uuidv7(),
    sku: `SHARED-${n}`,
    unitPriceMinor,
    quantity: 1,
  }));
  const amounts = { subtotalMinor: 1_000, discountMinor: 100, totalMinor: 900 };
  const placed = someOrder({ currency: 'EUR', ...amounts, items: lines });
  const { db } = rig.database;
  await acceptOrder(db, placed, null);
  await sql`update orders set created_at = '2023-05-05T12:00:00Z' where id = ${placed.id}`.execute(db);
  await transitionOrder(db, transitionTo(placed.id, 'CONFIRMED'));
  const { data } = await read('products?from=2023-05-05&to=2023-05-06');
  const net = data.map(({ revenue }: { revenue: { net_amount: string }[] }) => Number(revenue[0]!.net_amount) * 100);
  expect(net.reduce((sum: number, minor: number) => sum + minor, 0)).toBeCloseTo(900);
});

describe('a shop in another time zone', () => {
  let shop: ApiRig;
  beforeAll(async () => {
    shop = await startApiRig({ settings: { SHOP_TIME_ZONE: 'America/New_York' } });
  });
  afterAll(() => shop.stop());

  test('has the days of its reports begin and end there', async () => {
    const placed = someOrder();
    const { db } = shop.database;
    await acceptOrder(db, placed, null);
    // Half past eleven in the evening of the 1st, in New York; in UTC the 2nd.
    await sql`update orders set created_at = '2026-11-02T04:30:00Z' where id = ${placed.id}`.execute(db);
    const sales = async (days: string) =>
      (await shop.request('GET', `/api/v1/reports/sales?${days}`, { as: 'support' })).body;
    const { data, from, to } = await sales('from=2026-11-01&to=2026-11-02');
    expect([from, to]).toEqual(['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z']);
    expect(data).toMatchObject([{ period: '2026-11-01' }]);
    expect((await sales('from=2026-11-02&to=2026-11-03')).data).toEqual([]);
  });

  test('has a coupon that is valid until a day end with that day', async () => {
    const body = { kind: 'percent', value: '10', valid_from: '2026-11-01', valid_until: '2026-11-01' };
    const { body: coupon } = await shop.request('PUT', '/api/v1/coupons/ONEDAY', { as: 'admin', body });
    expect(coupon).toMatchObject({
      valid_from: '2026-11-01T04:00:00.000Z',
      valid_until: '2026-11-02T05:00:00.000Z',
    });
    const backwards = { ...body, valid_until: '2026-10-31' };
    const refused = await shop.request('PUT', '/api/v1/coupons/NEVER', { as: 'admin', body: backwards });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/valid_until']);
  });
});

test('the report of processing times has percentiles of those that have come so far', async () => {
  const { data } = await read(`processing-times?${november}`);
  expect(data).toEqual([times('confirmed', 4, 60), times('shipped', 2, 180), times('delivered', 1, 240)]);
  const none = { orders: 0, p50: null, p90: null, p95: null, p99: null };
  for (const days of ['from=2020-01-01&to=2020-01-02', 'from=2026-12-01&to=2026-12-02']) {
    expect((await read(`processing-times?${days}`)).data[2]).toEqual({ milestone: 'delivered', ...none });
  }
});

test('the report by hours has every hour, with what became of its orders and how long they took', async () => {
  const { data, from, to } = await read('hours?from=2026-11-02T09:30:00Z&to=2026-11-03T00:30:00Z');
  expect([from, to]).toEqual(['2026-11-02T09:30:00.000Z', '2026-11-03T00:30:00.000Z']);
  expect(data).toHaveLength(16);
  const quiet = { orders: 0, confirmed: 0, payment_failed: 0, cancelled: 0, p50: null, p95: null };
  expect(data[0]).toEqual({ hour: '2026-11-02T09:00:00.000Z', ...quiet });
  expect(data[1]).toEqual({ hour: '2026-11-02T10:00:00.000Z', ...quiet, orders: 1, confirmed: 1, p50: 60, p95: 60 });
  expect(data[15]).toMatchObject({ hour: '2026-11-03T00:00:00.000Z', orders: 1, cancelled: 1 });
});

test('the report by steps counts those that did not succeed at once', async () => {
  const [first, second] = await rig.orders();
  const step = { saga: 'create', actor: 'order-saga', started_at: new Date('2025-05-05T10:00:00Z') };
  const rows = [
    { ...step, order_id: first!.id, step: 'chargePayment' as const, state: 'FAILED' as const, attempts: 3 },
    { ...step, order_id: second!.id, step: 'chargePayment' as const, state: 'REFUSED' as const, attempts: 1 },
    { ...step, order_id: first!.id, step: 'reserveInventory' as const, state: 'DONE' as const, attempts: 2 },
    { ...step, order_id: second!.id, step: 'reserveInventory' as const, state: 'DONE' as const, attempts: 1 },
  ];
  await rig.database.db
    .insertInto('order_saga_steps')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['order_id', 'saga', 'step']).doUpdateSet(({ ref }) => ({
        state: ref('excluded.state'),
        attempts: ref('excluded.attempts'),
        started_at: ref('excluded.started_at'),
      })),
    )
    .execute();
  expect((await read('steps?from=2025-05-05&to=2025-05-06')).data).toEqual([
    { step: 'chargePayment', orders: 2, retried: 1, refused: 1, parked: 1, decided: 0 },
    { step: 'reserveInventory', orders: 1, retried: 1, refused: 0, parked: 0, decided: 0 },
  ]);
});

describe.each(['sales', 'statuses', 'products', 'processing-times'])('the report of %s', (path) => {
  test('covers the last thirty days unless a range is given', async () => {
    const before = Date.now();
    const { from, to } = await read(path);
    expect(Date.parse(to) - Date.parse(from)).toBe(30 * 86_400_000);
    expect(Date.parse(to)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(to)).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ['from=2024-01-01&to=2026-01-01', 'from'],
    ['from=2020-01-01', 'from'],
    ['from=2026-02-01&to=2026-01-01', 'to'],
    ['from=yesterday', 'from'],
    ['limits=3', 'limits'],
  ])('refuses %s', async (query, parameter) => {
    const { status, body } = await rig.request('GET', `/api/v1/reports/${path}?${query}`, { as: 'admin' });
    expect([status, body.code, body.details[0].parameter]).toEqual([400, 'VALIDATION', parameter]);
  });
});
