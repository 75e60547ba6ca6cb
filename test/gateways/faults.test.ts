import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { Gateways } from '../../src/gateways/index.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { eventually } from '../setup/eventually.ts';
import { startTestSandbox, type TestSandbox } from '../dev/sandbox/sandbox.ts';
import { errorOf, everyCall, failuresOf, gatewayCalls, gatewaysTo, someCharge, type GatewayCall } from './calls.ts';

let sandbox: TestSandbox;
let gateways: Gateways;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  gateways = gatewaysTo(sandbox.url);
  await sandbox.call('PUT', '/products/TEAPOT', { name: 'Teapot', price: '12.50', currency: 'EUR', stock: 10_000 });
  await sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
});

afterEach(() => sandbox.call('DELETE', '/faults'));

afterAll(() => sandbox.stop());

const fault = async (service: string, operation: string, mode: string, more: object = {}) => {
  expect(await sandbox.call('POST', '/faults', { service, operation, mode, ...more })).toMatchObject({ status: 201 });
};

/** One fault in the way of every call. */
const faultEverywhere = async (mode: string, more: object = {}) => {
  for (const service of ['inventory', 'payment', 'customer', 'notification', 'review'])
    await fault(service, '*', mode, more);
};

describe.each(Object.entries<GatewayCall>(gatewayCalls))('%s', (_, { service, operation, before, call }) => {
  test.each([
    ['down', 'unreachable'],
    ['fail_before_effect', 'unknown'],
    ['fail_after_effect', 'unknown'],
    ['late_effect', 'unknown'],
  ])('met by %s is %s, and succeeds when it is made again', async (mode, kind) => {
    const orderId = randomUUID();
    await before?.(gateways, orderId);
    await fault(service, operation, mode, { times: 1, delay_ms: 20 });
    expect(await errorOf(call(gateways, orderId))).toMatchObject({ name: 'GatewayError', kind, service });
    await call(gateways, orderId);
  });
});

test('a call without an answer within the time limit has an unknown outcome', async () => {
  await faultEverywhere('timeout_after_effect', { delay_ms: 10_000 });
  expect(await failuresOf(gateways)).toEqual(everyCall('unknown'));
});

test('an answer after the time limit leaves the outcome unknown, one within it counts', async () => {
  const orderId = randomUUID();
  await fault('payment', 'charge', 'slow', { delay_ms: 3_000, times: 1 });
  expect(await errorOf(gateways.payment.charge(someCharge(orderId)))).toMatchObject({ kind: 'unknown' });
  await fault('payment', 'charge', 'slow', { delay_ms: 200, times: 1 });
  expect(await gateways.payment.charge(someCharge(orderId))).toMatchObject({ outcome: 'captured' });
});

test('a closed port makes every call unreachable', async () => {
  expect(await failuresOf(gatewaysTo(`http://127.0.0.1:${await freePort()}`))).toEqual(everyCall('unreachable'));
});

test('an unknown host name makes every call unreachable', async () => {
  expect(await failuresOf(gatewaysTo('http://nowhere.invalid'))).toEqual(everyCall('unreachable'));
});

test('a charge whose reply was lost is found by its key, and repeating it charges nothing more', async () => {
  const orderId = randomUUID();
  await fault('payment', 'charge', 'fail_after_effect', { times: 1 });
  expect(await errorOf(gateways.payment.charge(someCharge(orderId)))).toMatchObject({ kind: 'unknown' });
  const found = await gateways.payment.findCharge(`${orderId}:charge:1`);
  expect(found).toMatchObject({ outcome: 'captured' });
  expect(await gateways.payment.charge(someCharge(orderId))).toEqual(found);
});

test('a charge and a reservation that arrive after their compensation are refused by its tombstone', async () => {
  const orderId = randomUUID();
  const late = { times: 1, delay_ms: 150, match: { order_id: orderId } };
  await fault('payment', 'charge', 'late_effect', late);
  await fault('inventory', 'reserve', 'late_effect', late);
  await errorOf(gateways.payment.charge(someCharge(orderId)));
  await errorOf(gateways.inventory.reserve(orderId, [{ sku: 'TEAPOT', quantity: 2 }], 600_000));
  expect(await gateways.payment.voidOrder(orderId, 'EUR')).toBe(0);
  await gateways.inventory.release(orderId);

  // Another order's late charge was sent after these; once it has arrived, so have they.
  const marker = randomUUID();
  await fault('payment', 'charge', 'late_effect', { times: 1, delay_ms: 200, match: { order_id: marker } });
  await errorOf(gateways.payment.charge(someCharge(marker)));
  await eventually(async () => (await gateways.payment.findCharge(`${marker}:charge:1`)) !== undefined);
  expect(await gateways.payment.findCharge(`${orderId}:charge:1`)).toBeUndefined();
  expect((await sandbox.call('GET', `/reservations/${orderId}`)).body).toMatchObject({ status: 'RELEASED' });
});
