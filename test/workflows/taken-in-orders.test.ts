import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { amendItems } from '../../src/orders/amend-items.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { fileOrder } from '../imports/file-orders.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { returnStatesOf } from './later-rig.ts';
import { decide, isParked, transactionsOf } from './parked-steps.ts';
import { takeIn } from './take-in.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '1s' });
});

afterAll(() => rig.stop());

const unpaidOrder = { payment: { ...fileOrder({}).payment, state: 'UNPAID' as const } };

/** Nothing was charged, reserved or told of an order, and its workflow does the same again. */
async function isUntouched({ id, sku }: { readonly id: string; readonly sku: string }) {
  await rig.rests(id);
  expect(await rig.money(id)).toEqual([]);
  expect(await rig.stock(sku)).toMatchObject({ stock: 100, reserved: 0 });
  const { body } = await rig.sandbox.call('GET', `/notifications?order_id=${id}`);
  expect(body.data).toEqual([]);
  await rig.replay(id);
}

describe.concurrent('an order that was taken in', () => {
  test('and was paid goes on to the end of its fulfilment, and nothing is charged, reserved or told', async () => {
    const order = await takeIn(rig);
    await rig.rests(order.id);
    await isUntouched(order);
    await rig.reconcile({ everything: true });
    expect(await rig.history(order.id)).toEqual(['PENDING', 'CONFIRMED']);
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED' });
    await rig.command(order.id, 'changeStatus', { status: 'DELIVERED' });
    expect(await rig.order(order.id)).toMatchObject({ status: 'DELIVERED', sagaState: 'COMPLETED' });
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500']);
    expect(await rig.money(order.id)).toEqual([]);
  });

  test('and is cancelled has to be paid back by hand', async () => {
    const order = await takeIn(rig);
    const cancelling = rig.command(order.id, 'cancelOrder', {});
    await isParked(rig, order.id, 'refundPaymentIfCharged', /25\.00 EUR was paid outside/);
    expect((await rig.order(order.id)).refundDueMinor).toBe(2_500);
    await decide(rig, order.id, 'refundPaymentIfCharged', { reference: 'transfer 4712' });
    await cancelling;
    expect(await rig.order(order.id)).toMatchObject({
      status: 'CANCELLED',
      paymentStatus: 'REFUNDED',
      refundedMinor: 2_500,
    });
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
    expect(await rig.money(order.id)).toEqual([]);
    await rig.replay(order.id);
  });

  test('and was not paid waits until staff says that it was, however often it is tried again', async () => {
    const order = await takeIn(rig, unpaidOrder);
    await isParked(rig, order.id, 'chargePayment', /25\.00 EUR is to be paid outside/);
    await decide(rig, order.id, 'chargePayment', { action: 'retry' });
    await isParked(rig, order.id, 'chargePayment');
    await rig.reconcile({ everything: true });
    expect((await rig.order(order.id)).status).toBe('PENDING');
    await decide(rig, order.id, 'chargePayment', { reason: 'paid at the door', reference: 'receipt 7' });
    await rig.reaches(order.id, 'CONFIRMED');
    expect(await rig.order(order.id)).toMatchObject({ paymentStatus: 'CAPTURED', sagaState: 'COMPLETED' });
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500']);
    await isUntouched(order);
  });

  test('and was not paid is cancelled by whoever gives the payment up', async () => {
    const order = await takeIn(rig, unpaidOrder);
    await isParked(rig, order.id, 'chargePayment');
    await decide(rig, order.id, 'chargePayment', { action: 'skip' });
    await rig.reaches(order.id, 'CANCELLED');
    expect((await rig.order(order.id)).refundedMinor).toBe(0);
    await isUntouched(order);
  });

  test('and comes back is refunded by hand, and its goods, which were never of our stock, stay out of it', async () => {
    const order = await takeIn(rig, { state: 'DELIVERED' });
    const items = [{ item_id: order.itemId, quantity: 2 }];
    const returning = rig.command(order.id, 'returnItems', { items });
    await isParked(rig, order.id, 'refundReturn', /25\.00 EUR/);
    await decide(rig, order.id, 'refundReturn', { reference: 'transfer 4713' });
    await returning;
    expect(await rig.order(order.id)).toMatchObject({ status: 'REFUNDED', refundedMinor: 2_500 });
    expect(await returnStatesOf(rig, order.id)).toEqual(['REFUNDED']);
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
    await isUntouched(order);
  });

  test('without its goods is lowered to what has left, which releases nothing, and the rest is paid back by hand', async () => {
    const order = await takeIn(rig);
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: order.itemId, quantity: 1 }] });
    const lowering = rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1 });
    await isParked(rig, order.id, 'refundDifference', /12\.50 EUR/);
    await decide(rig, order.id, 'refundDifference', { reference: 'transfer 4714' });
    await lowering;
    expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', totalMinor: 1_250, sagaState: 'COMPLETED' });
    expect(await rig.stock(order.sku)).toMatchObject({ stock: 100, reserved: 0 });
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 1250']);
    await rig.replay(order.id);
  });

  test('without its goods refuses more of them before it looks for the customer', async () => {
    const { id, sku, itemId } = await takeIn(rig);
    const found = await findOrderWithItems(rig.db, id);
    if (!found) throw new Error('the order is gone');
    const order = { ...found, customerId: 'file:unknown' };
    const wanted = { change: 'set', item_id: itemId, quantity: 3 } as const;
    const dependencies = { ...rig.dependencies, ...rig, db: rig.db, rules: rig.config.order, waitMs: 0 };
    const caller = { subject: 'sam', actor: 'support:sam', roles: ['support'], expiresAtMs: Infinity } as const;
    await expect(
      amendItems(dependencies, caller, order, wanted, { key: undefined, expectedVersion: undefined }),
    ).rejects.toMatchObject({ code: 'ORD005', message: expect.stringContaining('taken in without its goods') });
    await isUntouched({ id, sku });
  });

  test('when nothing of it was open gets its workflow with its first command', async () => {
    const order = await takeIn(rig, { state: 'SHIPPED' });
    await rig.reconcile({ everything: true });
    await expect(rig.handle(order.id).describe()).rejects.toThrow();
    await rig.command(order.id, 'changeStatus', { status: 'DELIVERED' });
    expect(await rig.order(order.id)).toMatchObject({ status: 'DELIVERED', sagaState: 'COMPLETED' });
    await isUntouched(order);
  });
});
