import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { errorOf } from '../calls.ts';
import { newCharge, startStripeRig } from './stripe-rig.ts';

let rig: Awaited<ReturnType<typeof startStripeRig>>;

beforeAll(async () => {
  rig = await startStripeRig();
});
afterEach(() => {
  rig.stripe.faults.clear();
});
afterAll(() => rig.stop());

const CREATE = /^\/v1\/payment_intents$/;
const balanceOf = (orderId: string) => rig.stripe.books.balanceOf(orderId);
const voidOrder = (orderId: string) => rig.newGateway().voidOrder(orderId, 'EUR');
const voided = { kind: 'refused', code: 'PAYMENT_VOIDED' };

test('a void refunds what was charged and releases what is held, reports the same at every repeat, and refuses what comes later', async () => {
  const charge = newCharge();
  const { orderId } = charge;
  await rig.gateway.charge(charge);
  await rig.gateway.authorize({ ...charge, idempotencyKey: `${orderId}:charge:2` });
  await rig.gateway.refund({ ...charge, charges: [], idempotencyKey: `${orderId}:refund:1`, amountMinor: 500 });
  expect([await voidOrder(orderId), await voidOrder(orderId)]).toEqual([2_500, 2_500]);
  expect(balanceOf(orderId)).toEqual({ received: 2_500, refunded: 2_500, held: 0 });
  expect(await errorOf(rig.gateway.charge({ ...charge, idempotencyKey: `${orderId}:charge:3` }))).toMatchObject(voided);
  expect(await errorOf(rig.gateway.charge(charge))).toMatchObject(voided);
  expect(balanceOf(orderId)).toEqual({ received: 2_500, refunded: 2_500, held: 0 });
});

test('a void leaves the charges that it is told to leave, and refuses what comes later all the same', async () => {
  const charge = newCharge();
  await rig.gateway.charge(charge);
  await rig.gateway.charge({ ...charge, idempotencyKey: `${charge.orderId}:charge:2`, amountMinor: 900 });
  expect(await rig.gateway.voidOrder(charge.orderId, 'EUR', [charge.idempotencyKey])).toBe(900);
  expect(balanceOf(charge.orderId)).toEqual({ received: 3_400, refunded: 900, held: 0 });
  const later = rig.gateway.charge({ ...charge, idempotencyKey: `${charge.orderId}:charge:3` });
  expect(await errorOf(later)).toMatchObject(voided);
});

test('a void of an order that was never charged leaves its tombstone', async () => {
  const charge = newCharge();
  expect(await voidOrder(charge.orderId)).toBe(0);
  expect(await errorOf(rig.gateway.authorize(charge))).toMatchObject(voided);
  expect(balanceOf(charge.orderId)).toEqual({ received: 0, refunded: 0, held: 0 });
});

test('a void of one charge refunds it and refuses it from then on, and the order is charged by another one', async () => {
  const charge = newCharge();
  const second = { ...charge, idempotencyKey: `${charge.orderId}:charge:2` };
  await rig.gateway.charge(charge);
  expect(await rig.gateway.voidCharge(charge.orderId, charge.idempotencyKey, 'EUR')).toBe(2_500);
  expect(await rig.gateway.voidCharge(charge.orderId, second.idempotencyKey, 'EUR')).toBe(0);
  expect(await errorOf(rig.gateway.charge(second))).toMatchObject(voided);
  expect(await rig.gateway.charge({ ...charge, idempotencyKey: `${charge.orderId}:charge:3` })).toMatchObject({
    outcome: 'captured',
  });
  expect(balanceOf(charge.orderId)).toEqual({ received: 5_000, refunded: 2_500, held: 0 });
});

test('a void finds an authorisation whose reply was lost together with the process', async () => {
  const charge = newCharge();
  rig.stripe.faults.add('lost', CREATE, { times: 2 });
  await errorOf(rig.gateway.authorize(charge));
  expect(balanceOf(charge.orderId).held).toBe(2_500);
  expect(await voidOrder(charge.orderId)).toBe(0);
  expect(balanceOf(charge.orderId)).toEqual({ received: 0, refunded: 0, held: 0 });
});

test('an authorisation that is still under way when its order is voided never holds any money', async () => {
  const charge = newCharge();
  rig.stripe.faults.add('late', CREATE, { times: 2 });
  expect(await errorOf(rig.gateway.authorize(charge))).toMatchObject({ kind: 'unknown' });
  expect(await voidOrder(charge.orderId)).toBe(0);
  rig.stripe.releaseLate();
  expect(await voidOrder(charge.orderId)).toBe(0);
  expect(balanceOf(charge.orderId)).toEqual({ received: 0, refunded: 0, held: 0 });
  expect(await rig.gateway.findCharge(charge.idempotencyKey)).toBeUndefined();
  expect(await errorOf(rig.newGateway().authorize(charge))).toMatchObject(voided);
});

test('an authorisation that a process was killed before sending is refused once its order is voided', async () => {
  const charge = newCharge();
  await rig.records.begin(charge);
  expect(await voidOrder(charge.orderId)).toBe(0);
  expect(await errorOf(rig.gateway.authorize(charge))).toMatchObject(voided);
  expect(balanceOf(charge.orderId)).toEqual({ received: 0, refunded: 0, held: 0 });
});

test('a void that dies after its tombstone is finished by whoever tries again', async () => {
  const charge = newCharge();
  await rig.gateway.charge(charge);
  rig.stripe.faults.add('dropped', /refunds/, { times: 2 });
  expect(await errorOf(voidOrder(charge.orderId))).toMatchObject({ kind: 'unknown' });
  expect(await voidOrder(charge.orderId)).toBe(2_500);
  rig.stripe.faults.add('lost', /refunds/, { times: 2 });
  expect(await voidOrder(charge.orderId)).toBe(2_500);
  expect(balanceOf(charge.orderId)).toEqual({ received: 2_500, refunded: 2_500, held: 0 });
});

test('voids and charges of one order at the same moment leave nothing taken and nothing held', async () => {
  const orders = Array.from({ length: 8 }, () => newCharge());
  await Promise.all(
    orders.flatMap((charge) => [
      errorOf(rig.newGateway().authorize(charge)),
      errorOf(voidOrder(charge.orderId)),
      errorOf(rig.newGateway().charge({ ...charge, idempotencyKey: `${charge.orderId}:charge:2` })),
    ]),
  );
  // A void that came upon a request under way is tried again, as the saga does.
  for (const { orderId } of orders) {
    await voidOrder(orderId);
    const { received, refunded, held } = balanceOf(orderId);
    expect({ left: received - refunded, held }).toEqual({ left: 0, held: 0 });
  }
});

test('refunds of several charges are drawn from the oldest first, and never exceed what is there', async () => {
  const charge = newCharge();
  const { orderId } = charge;
  await rig.gateway.charge(charge);
  await rig.gateway.charge({ ...charge, idempotencyKey: `${orderId}:charge:amend:1`, amountMinor: 1_000 });
  await rig.gateway.refund({ ...charge, charges: [], idempotencyKey: `${orderId}:refund:1`, amountMinor: 3_000 });
  expect(balanceOf(orderId)).toEqual({ received: 3_500, refunded: 3_000, held: 0 });
  const tooMuch = rig.gateway.refund({
    ...charge,
    charges: [],
    idempotencyKey: `${orderId}:refund:2`,
    amountMinor: 501,
  });
  expect(await errorOf(tooMuch)).toMatchObject({ kind: 'refused', code: 'REFUND_EXCEEDS' });
  await Promise.all(
    Array.from({ length: 5 }, () =>
      errorOf(
        rig.newGateway().refund({ ...charge, charges: [], idempotencyKey: `${orderId}:refund:3`, amountMinor: 300 }),
      ),
    ),
  );
  expect(balanceOf(orderId)).toEqual({ received: 3_500, refunded: 3_300, held: 0 });
});
