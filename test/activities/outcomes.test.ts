import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { failureTypes } from '../../src/domain/failures.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { someCharge } from '../gateways/calls.ts';
import { transitionTo } from '../repositories/orders.ts';
import { failureOf, runActivity, startActivityRig, stepActivities, type ActivityRig } from './rig.ts';
import { runStep } from './steps.ts';

let rig: ActivityRig;

beforeAll(async () => {
  rig = await startActivityRig();
});

afterEach(() => rig.noFaults());

afterAll(() => rig.stop());

describe.each([
  ['local', true],
  ['regular', false],
] as const)('as a %s activity', (_, isLocal) => {
  test('goods that are not in stock are refused for good, with what is missing', async () => {
    const { orderId, sku } = await rig.accept(1);
    expect(await failureOf(runStep(rig, 'reserveInventory', orderId, isLocal))).toEqual({
      type: failureTypes.outOfStock,
      nonRetryable: true,
      details: [[{ sku, requested: 2, available: 1 }]],
    });
    expect((await rig.record(orderId)).steps).toEqual([]);
  });

  test('a declined card is refused for good, with the code, and asked only once', async () => {
    const { orderId } = await rig.accept();
    const declined = someCharge(orderId, { paymentMethod: 'tok_insufficient_funds' });
    const ask = () => failureOf(runActivity(rig.activities.chargePayment, declined, { isLocal }));
    const refused = { type: failureTypes.paymentDeclined, nonRetryable: true, details: ['INSUFFICIENT_FUNDS'] };
    expect([await ask(), await ask()]).toEqual([refused, refused]);
    expect(await rig.effects(orderId)).toMatchObject({ payments: ['DECLINED'] });
    expect((await rig.record(orderId)).order).toMatchObject({ paymentStatus: 'PENDING' });
  });

  test('a request that the service rejects is not tried again, and shows in the ledger', async () => {
    const { orderId } = await rig.accept();
    const wrong = someCharge(orderId, { amountMinor: 0 });
    expect(await failureOf(runActivity(rig.activities.chargePayment, wrong, { isLocal }))).toMatchObject({
      type: failureTypes.rejected,
      nonRetryable: true,
    });
    expect((await rig.record(orderId)).steps).toMatchObject([{ step: 'chargePayment', attempts: 1 }]);
  });

  test.each([
    ['down', 'QUEUED'],
    ['fail_after_effect', 'UNKNOWN'],
  ])('while the charge meets %s the order shows its payment as %s, then as captured', async (mode, shown) => {
    const { orderId } = await rig.accept();
    await rig.fault('payment', 'charge', mode, { times: 1 });
    await failureOf(runStep(rig, 'chargePayment', orderId, isLocal));
    expect((await rig.record(orderId)).order).toMatchObject({ paymentStatus: shown });
    await runStep(rig, 'chargePayment', orderId, false);
    expect((await rig.record(orderId)).order).toMatchObject({ paymentStatus: 'CAPTURED', status: 'PENDING' });
  });

  test('confirming an order that was cancelled first is refused as compensated, and the order stays cancelled', async () => {
    const { orderId } = await rig.accept();
    await runStep(rig, 'reserveInventory', orderId, isLocal);
    await runActivity(rig.activities.recordStatus, transitionTo(orderId, 'CANCELLED'), { isLocal });
    expect(await failureOf(runStep(rig, 'confirmOrder', orderId, isLocal))).toMatchObject({
      type: failureTypes.alreadyCompensated,
      nonRetryable: true,
    });
    expect((await rig.record(orderId)).order).toMatchObject({ status: 'CANCELLED' });
  });

  test('a status that is written again or too late answers what the order has become', async () => {
    const { orderId } = await rig.accept();
    const record = (to: 'CONFIRMED' | 'PROCESSING' | 'CANCELLED') =>
      runActivity(rig.activities.recordStatus, transitionTo(orderId, to), { isLocal });
    expect(await record('CONFIRMED')).toEqual({ status: 'CONFIRMED' });
    expect(await record('CONFIRMED')).toEqual({ status: 'CONFIRMED' });
    expect(await record('CANCELLED')).toEqual({ status: 'CANCELLED' });
    expect(await record('PROCESSING')).toEqual({ status: 'CANCELLED' });
    expect((await rig.record(orderId)).history.map((row) => row.to_status)).toEqual([
      'PENDING',
      'CONFIRMED',
      'CANCELLED',
    ]);
  });
});

test('a payment whose second method is declined comes to the same however often it is attempted, and keeps nothing', async () => {
  const { orderId } = await rig.accept();
  const parts = [
    { paymentMethod: 'tok_gift', amountMinor: 1_000 },
    { paymentMethod: 'tok_declined', amountMinor: 1_500 },
  ];
  const payment = { ...someCharge(orderId), parts };
  for (const isLocal of [true, true, false]) {
    expect(await failureOf(runActivity(rig.activities.chargePayment, payment, { isLocal }))).toMatchObject({
      type: 'PAYMENT_DECLINED',
      details: ['CARD_DECLINED', { part: 2, givenBack: [{ part: 1, refundedMinor: 1_000 }] }],
    });
  }
  expect((await rig.effects(orderId)).payments).toEqual(['REFUNDED', 'DECLINED']);
});

test('a charge whose outcome is unknown is looked up by its key before anything is sent again', async () => {
  const { orderId } = await rig.accept();
  await rig.fault('payment', 'charge', 'fail_after_effect', { times: 1 });
  await failureOf(runStep(rig, 'chargePayment', orderId, true));
  // From here on a second charge would fail.
  await rig.fault('payment', 'charge', 'fail_before_effect');
  expect(await runStep(rig, 'chargePayment', orderId, false)).toEqual({ paymentId: expect.any(String) });
  expect(await rig.effects(orderId)).toMatchObject({ payments: ['CAPTURED'] });
});

test('a charge that can not be looked up is not sent', async () => {
  const { orderId } = await rig.accept();
  await rig.fault('payment', 'lookup', 'down', { times: 1 });
  expect(await failureOf(runStep(rig, 'chargePayment', orderId, false))).toMatchObject({
    type: failureTypes.unreachable,
  });
  expect(await rig.effects(orderId)).toMatchObject({ payments: [] });
});

test('a regular activity heartbeats while it waits for a service, a local one does not', async () => {
  expect(await heartbeatsOfSlowRefund(false)).toBeGreaterThan(0);
  expect(await heartbeatsOfSlowRefund(true)).toBe(0);
});

test('while the database is away status writes are tried again, and other steps do their work without the ledger', async () => {
  const url = `postgres://a@127.0.0.1:${await freePort()}/a`;
  const away = openDatabase(url, { max: 1, name: 'test', onError: () => {} });
  const activities = stepActivities({ ...rig.dependencies, db: away.db });
  const { orderId } = await rig.accept();
  const later = { type: failureTypes.databaseUnavailable, nonRetryable: false };

  const record = runActivity(activities.recordStatus, transitionTo(orderId, 'CONFIRMED'), { isLocal: true });
  expect(await failureOf(record)).toMatchObject(later);
  const parking = {
    orderId,
    key: 'parked:1',
    step: { step: 'chargePayment', state: 'FAILED', attempts: 1 },
    problem: 'down',
    progress: { steps: [] },
    transactions: [],
  } as const;
  expect(await failureOf(runActivity(activities.recordParking, parking, { isLocal: true }))).toMatchObject(later);
  await runActivity(activities.chargePayment, someCharge(orderId), { isLocal: false });
  await runStep(rig, 'reserveInventory', orderId, true);
  const confirm = { orderId, paymentMethod: 'tok_ok', charges: [], steps: [] };
  expect(await failureOf(runActivity(activities.confirmOrder, confirm, { isLocal: false }))).toMatchObject(later);
  // The goods are sold; once the database is back the same step writes what it could not.
  expect(await rig.effects(orderId)).toMatchObject({ stock: 8, payments: ['CAPTURED'] });
  expect(await runStep(rig, 'confirmOrder', orderId, false)).toEqual({ status: 'CONFIRMED' });
  expect(await rig.effects(orderId)).toMatchObject({ stock: 8 });
  await away.close();
});

async function heartbeatsOfSlowRefund(isLocal: boolean): Promise<number> {
  const { orderId } = await rig.accept();
  await rig.fault('payment', 'refund', 'slow', { delay_ms: 1_200, times: 1 });
  let count = 0;
  const onHeartbeat = () => (count += 1);
  await runActivity(
    rig.activities.refundPaymentIfCharged,
    { orderId, currency: 'EUR', charges: [] },
    { isLocal, onHeartbeat },
  );
  return count;
}
