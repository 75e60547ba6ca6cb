import { sql } from 'kysely';
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
  for (const to of way) await transitionOrder(db, transitionTo(accepted.id, to, { refundedMinor }));
  await sql`
    update orders set confirmed_at = created_at + interval '1 minute' * sign(extract(epoch from confirmed_at)),
      shipped_at = created_at + interval '3 minutes' * sign(extract(epoch from shipped_at)),
      delivered_at = created_at + interval '4 minutes' * sign(extract(epoch from delivered_at))
    where id = ${accepted.id}`.execute(db);
}

function line(period: string, currency: string, status: string, total: string, refunded: string) {
  return { period, currency, status, orders: 1, total, refunded };
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
    { ...product, sku: 'TEAPOT', orders: 2, quantity: 2, revenue: [{ currency: 'EUR', amount: '35.05' }] },
    { ...product, sku: 'CUP', orders: 1, quantity: 1, revenue: [{ currency: 'JPY', amount: '3000' }] },
  ]);
  expect((await read(`products?${november}&limit=1`)).data).toHaveLength(1);
});

test('the report of processing times has percentiles of those that have come so far', async () => {
  const { data } = await read(`processing-times?${november}`);
  expect(data).toEqual([times('confirmed', 4, 60), times('shipped', 2, 180), times('delivered', 1, 240)]);
  const none = { orders: 0, p50: null, p90: null, p95: null, p99: null };
  for (const days of ['from=2020-01-01&to=2020-01-02', 'from=2026-12-01&to=2026-12-02']) {
    expect((await read(`processing-times?${days}`)).data[2]).toEqual({ milestone: 'delivered', ...none });
  }
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
