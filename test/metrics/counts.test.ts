import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRegistry, type MetricsRegistry } from '../../src/metrics/create-registry.ts';
import { recordMetricsTo } from '../../src/metrics/record-metrics.ts';
import { recordParking } from '../../src/orders/record-parking.ts';
import { recordStatus } from '../../src/orders/record-status.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { captureLog } from '../setup/captured-log.ts';
import { chargeOf, openOrders, orderIn, someOrder, transitionTo } from '../repositories/orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;
let registry: MetricsRegistry;
const log = captureLog();

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(() => {
  registry = createRegistry();
  recordMetricsTo(registry.recorder);
  log.clear();
  return () => {
    recordMetricsTo(undefined);
  };
});
afterAll(() => orders.close());

const writer = () => ({ db: orders.db, announcer: { announce: () => {} }, logger: log.logger });

/** The values that are not 0, by series. */
async function values(pattern: RegExp): Promise<Record<string, number>> {
  const lines = (await registry.render()).split('\n').filter((line) => pattern.test(line) && !line.includes('_bucket'));
  return Object.fromEntries(
    lines
      .map((line) => line.split(/ (?=[^ ]+$)/))
      .flatMap(([name = '', value]) => (value === '0' ? [] : [[name, Number(value)]])),
  );
}

test('a change of status is counted and logged once, however often and however parallel it is written', async () => {
  const order = someOrder({ currency: 'JPY', totalMinor: 2_500 });
  await acceptOrder(orders.db, order, null);
  const confirmed = transitionTo(order.id, 'CONFIRMED', { transactions: [chargeOf(order.id)], actor: 'saga' });
  await Promise.all(Array.from({ length: 6 }, () => recordStatus(writer(), confirmed)));
  await recordStatus(writer(), transitionTo(order.id, 'SHIPPED'));
  expect(await values(/^(orders|payments)_/)).toEqual({
    'orders_transitions_total{to="CONFIRMED"}': 1,
    'orders_transitions_total{to="SHIPPED"}': 1,
    'orders_value_total{currency="JPY"}': 2_500,
    orders_confirm_seconds_count: 1,
    orders_confirm_seconds_sum: expect.any(Number),
    orders_ship_seconds_count: 1,
    orders_ship_seconds_sum: expect.any(Number),
    'payments_total{outcome="captured"}': 1,
  });
  const lines = log
    .text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { level: 30, msg: 'order status changed', order_id: order.id, from: 'PENDING', to: 'CONFIRMED', actor: 'saga' },
    { msg: 'order status changed', order_id: order.id, from: 'CONFIRMED', to: 'SHIPPED', actor: 'test' },
  ]);
});

test('the value of orders is in units of their currency', async () => {
  const order = someOrder();
  await acceptOrder(orders.db, order, null);
  await recordStatus(writer(), transitionTo(order.id, 'CONFIRMED'));
  expect(await values(/^orders_value/)).toEqual({ 'orders_value_total{currency="EUR"}': 25 });
});

test('a step that is parked again and again under one key is counted once, and so are its payments', async () => {
  const orderId = await orderIn(orders.db, 'PENDING');
  const parking = {
    orderId,
    key: 'parked:1',
    step: { step: 'confirmOrder', state: 'FAILED', attempts: 3 } as const,
    problem: 'no answer',
    progress: { steps: [] },
    transactions: [chargeOf(orderId)],
  };
  await recordParking(writer(), parking);
  await recordParking(writer(), parking);
  await recordStatus(writer(), transitionTo(orderId, 'CONFIRMED', { transactions: [chargeOf(orderId)] }));
  expect(await values(/^(saga_parked|payments)/)).toEqual({
    'saga_parked_total{step="confirmOrder"}': 1,
    'payments_total{outcome="captured"}': 1,
  });
});
