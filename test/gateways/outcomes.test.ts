import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Gateways } from '../../src/gateways/index.ts';
import { startTestSandbox, type TestSandbox } from '../dev/sandbox/sandbox.ts';
import { errorOf, gatewaysTo, someCharge, someMessage } from './calls.ts';

let sandbox: TestSandbox;
let gateways: Gateways;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  gateways = gatewaysTo(sandbox.url);
  await sandbox.call('PUT', '/products/TEAPOT', { name: 'Teapot', price: '12.50', currency: 'EUR', stock: 100 });
  await sandbox.call('PUT', '/products/FUDEPEN', { name: '筆ペン', price: '300', currency: 'JPY', stock: 1 });
  await sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
  await sandbox.call('PUT', '/users/ina', { name: 'Ina', email: 'ina@example.com', status: 'INACTIVE' });
});

afterEach(() => sandbox.call('DELETE', '/faults'));

afterAll(() => sandbox.stop());

const stock = async (sku: string) => {
  const { stock: inStock, reserved } = (await sandbox.call('GET', `/products/${sku}`)).body;
  return { stock: inStock, reserved };
};

const twice = async (call: () => Promise<unknown>) => [await call(), await call()];

test.each([
  ['tok_declined', 'CARD_DECLINED'],
  ['tok_insufficient_funds', 'INSUFFICIENT_FUNDS'],
])('a charge to %s is an outcome and no error, also when it is looked up', async (paymentMethod, declineCode) => {
  const charge = someCharge(randomUUID(), { paymentMethod });
  const declined = { outcome: 'declined', declineCode };
  expect(await gateways.payment.charge(charge)).toEqual(declined);
  expect(await gateways.payment.charge(charge)).toEqual(declined);
  expect(await gateways.payment.findCharge(charge.idempotencyKey)).toEqual(declined);
});

test.each(['x', 'tok_', '4242', 'tok_ok tok_ok'])(
  'a payment method that the service rejects, such as %s, is a decline, at every repeat',
  async (paymentMethod) => {
    const charge = someCharge(randomUUID(), { paymentMethod });
    const declined = { outcome: 'declined', declineCode: 'INVALID_PAYMENT_METHOD' };
    expect(await twice(() => gateways.payment.charge(charge))).toEqual([declined, declined]);
  },
);

test('a charge that is rejected for more than its payment method is an error', async () => {
  const charge = someCharge(randomUUID(), { paymentMethod: 'x', orderId: '' });
  expect(await errorOf(gateways.payment.charge(charge))).toMatchObject({ kind: 'rejected', status: 400 });
});

test('a declined charge is an outcome, not an error', async () => {
  await sandbox.call('POST', '/faults', { service: 'payment', operation: 'charge', mode: 'decline', times: 1 });
  expect(await gateways.payment.charge(someCharge(randomUUID()))).toMatchObject({ outcome: 'declined' });
});

test('a charge that the service never got is not found', async () => {
  expect(await gateways.payment.findCharge(`${randomUUID()}:charge:1`)).toBeUndefined();
});

test('a void refunds everything, reports the amount at every repeat, and refuses every later charge', async () => {
  const orderId = randomUUID();
  await gateways.payment.charge(someCharge(orderId));
  await gateways.payment.charge(someCharge(orderId, { idempotencyKey: `${orderId}:charge:2`, amountMinor: 100 }));
  expect(await gateways.payment.voidOrder(orderId, 'EUR')).toBe(2_600);
  expect(await gateways.payment.voidOrder(orderId, 'EUR')).toBe(2_600);
  const late = gateways.payment.charge(someCharge(orderId, { idempotencyKey: `${orderId}:charge:3` }));
  expect(await errorOf(late)).toMatchObject({ kind: 'refused', code: 'PAYMENT_VOIDED', status: 409 });
});

test('a void of an order that was never charged refunds nothing and leaves its tombstone', async () => {
  const orderId = randomUUID();
  expect(await gateways.payment.voidOrder(orderId, 'JPY')).toBe(0);
  expect(await errorOf(gateways.payment.charge(someCharge(orderId)))).toMatchObject({ code: 'PAYMENT_VOIDED' });
});

test.each([
  ['JPY', 300],
  ['KWD', 1_234],
  ['HUF', 99_999],
])('amounts in %s keep their minor units', async (currency, amountMinor) => {
  const orderId = randomUUID();
  await gateways.payment.charge(someCharge(orderId, { currency, amountMinor }));
  expect(await gateways.payment.voidOrder(orderId, currency)).toBe(amountMinor);
});

test('a hold of more than the stock is refused with the shortage and takes nothing', async () => {
  const before = await stock('TEAPOT');
  const lines = [
    { sku: 'TEAPOT', quantity: 1 },
    { sku: 'FUDEPEN', quantity: 2 },
  ];
  expect(await errorOf(gateways.inventory.reserve(randomUUID(), lines, 600_000))).toMatchObject({
    kind: 'refused',
    code: 'OUT_OF_STOCK',
    details: [{ sku: 'FUDEPEN', requested: 2, available: 1 }],
  });
  expect(await stock('TEAPOT')).toEqual(before);
});

test('a release before the hold leaves a tombstone that refuses it', async () => {
  const orderId = randomUUID();
  await gateways.inventory.release(orderId);
  await gateways.inventory.release(orderId);
  const late = gateways.inventory.reserve(orderId, [{ sku: 'TEAPOT', quantity: 1 }], 600_000);
  expect(await errorOf(late)).toMatchObject({ kind: 'refused', code: 'RESERVATION_RELEASED' });
  expect(await errorOf(gateways.inventory.commit(orderId))).toMatchObject({ code: 'RESERVATION_RELEASED' });
});

test('a hold, its commit and its release can each be repeated with one effect', async () => {
  const orderId = randomUUID();
  const { stock: inStock, reserved } = await stock('TEAPOT');
  const [first, second] = await twice(() =>
    gateways.inventory.reserve(orderId, [{ sku: 'TEAPOT', quantity: 3 }], 600_000),
  );
  expect(second).toEqual(first);
  expect(await stock('TEAPOT')).toEqual({ stock: inStock, reserved: reserved + 3 });
  await twice(() => gateways.inventory.commit(orderId));
  expect(await stock('TEAPOT')).toEqual({ stock: inStock - 3, reserved });
  await twice(() => gateways.inventory.release(orderId));
  expect(await stock('TEAPOT')).toEqual({ stock: inStock, reserved });
});

test('a request that the service cannot read is rejected with its code', async () => {
  const orderId = randomUUID();
  const nothing = gateways.inventory.reserve(orderId, [{ sku: 'TEAPOT', quantity: 0 }], 600_000);
  expect(await errorOf(nothing)).toMatchObject({ kind: 'rejected', status: 400, code: expect.any(String) });
  const nothingToPay = gateways.payment.charge(someCharge(orderId, { amountMinor: 0 }));
  expect(await errorOf(nothingToPay)).toMatchObject({ kind: 'rejected', status: 400 });
  await gateways.payment.charge(someCharge(orderId));
  const reused = gateways.payment.charge(someCharge(orderId, { amountMinor: 1 }));
  expect(await errorOf(reused)).toMatchObject({ kind: 'rejected', code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
  expect(await errorOf(gateways.inventory.commit(orderId))).toMatchObject({
    kind: 'refused',
    code: 'UNKNOWN_RESERVATION',
  });
});

test('products are found by sku and by id, with prices in minor units; unknown ones are absent', async () => {
  const { body } = await sandbox.call('GET', '/products/FUDEPEN');
  const found = await gateways.inventory.findProducts({
    skus: ['TEAPOT', 'NONE', 'a b&sku=TEAPOT'],
    ids: [body.id, randomUUID()],
  });
  expect(found.toSorted((a, b) => a.sku.localeCompare(b.sku))).toMatchObject([
    { sku: 'FUDEPEN', id: body.id, name: '筆ペン', priceMinor: 300, currency: 'JPY' },
    { sku: 'TEAPOT', priceMinor: 1_250, currency: 'EUR' },
  ]);
});

test.each([
  ['alice', { id: 'alice', active: true, name: 'Alice', email: 'alice@example.com' }],
  ['ina', { id: 'ina', active: false, name: 'Ina', email: 'ina@example.com' }],
  ['nobody', undefined],
  ['../products', undefined],
])('the customer %s is %j', async (id, customer) => {
  expect(await gateways.customer.findCustomer(id)).toEqual(customer);
});

test('a message with one key is sent once', async () => {
  const orderId = randomUUID();
  await gateways.notification.send(someMessage(orderId));
  await gateways.notification.send(someMessage(orderId));
  expect((await sandbox.call('GET', `/notifications?order_id=${orderId}`)).body.data).toHaveLength(1);
});
