import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { booksOf, confirmed, delivered } from './later-rig.ts';
import { decide, isParked, park, transactionsOf } from './parked-steps.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '4s' });
  await rig.product('TEAPOT', 1_000);
});

afterAll(() => rig.stop());

interface Placed {
  readonly id: string;
  readonly sku: string;
  readonly itemId: string;
}

/** Places an order of its own goods whose charge an operator has made by bank transfer. */
async function paidByHand(quantity = 2): Promise<Placed> {
  const order = await unpaid(quantity);
  await decide(rig, order.id, 'chargePayment', { reason: 'paid by bank transfer', reference: 'transfer 4711' });
  await rig.reaches(order.id, 'CONFIRMED');
  return order;
}

async function unpaid(quantity: number): Promise<Placed> {
  const items = await ownItems(quantity);
  const order = await rig.accept({ items, totalMinor: 1_250 * quantity, subtotalMinor: 1_250 * quantity });
  await park(rig, order.id, 'chargePayment', () => rig.commands.start(order));
  return { id: order.id, sku: items[0]!.sku, itemId: items[0]!.id };
}

async function ownItems(quantity: number) {
  const id = crypto.randomUUID();
  const sku = `sku-${id}`;
  await rig.product(sku, 100);
  return [{ id, productId: 'p1', sku, name: 'Teapot', unitPriceMinor: 1_250, quantity }];
}

const amend = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity });
const giveBack = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity }] });

/** An order of two units that the payment service charged, with a third one that an operator charged by hand. */
async function raisedByHand() {
  const order = await confirmed(rig, 2);
  await park(rig, order.id, 'chargeDifference', () => amend(order, 3));
  await decide(rig, order.id, 'chargeDifference');
  await eventually(async () => expect((await rig.order(order.id)).totalMinor).toBe(3_750));
  return order;
}

async function deliver({ id }: Placed) {
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
    // One after the other, as goods travel.
    // oxlint-disable-next-line no-await-in-loop
    await rig.command(id, 'changeStatus', { status });
  }
}

/** Lets the reconciler look at an order at once. */
async function reconcile(id: string) {
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(0) })
    .where('id', '=', id)
    .execute();
  await rig.reconcile({ everything: true });
}

/** Waits until the payment service would refuse the order's charge; no test may make it before. */
async function isForbidden(id: string) {
  await eventually(async () => {
    const { body } = await rig.sandbox.call('GET', `/payments/order/${id}`);
    expect(body).toMatchObject({ data: [] });
  });
  await rig.rests(id);
  const charge = { order_id: id, amount: '25.00', currency: 'EUR', payment_method: 'tok_ok' };
  const late = await rig.sandbox.call('POST', '/payments', charge, { 'idempotency-key': `${id}:charge:1` });
  expect(late.body.code).toBe('PAYMENT_VOIDED');
}

describe.concurrent('a charge that an operator made by hand', () => {
  test('is on record as EXTERNAL with who, why and what finds it, and is not made by the payment service', async () => {
    const order = await paidByHand();
    const [charge] = await rig.transactions(order.id);
    expect(charge).toMatchObject({
      kind: 'CHARGE',
      status: 'CAPTURED',
      provider: 'EXTERNAL',
      amount_minor: 2_500,
      reference: 'transfer 4711',
      reason: 'paid by bank transfer',
      actor: 'support:sam',
    });
    expect(await rig.order(order.id)).toMatchObject({ paymentStatus: 'CAPTURED', sagaState: 'COMPLETED' });
    await isForbidden(order.id);
    expect((await booksOf(rig, order)).keptMinor).toBe(0);
  });

  test('and that the payment service made without an answer is refunded there', async () => {
    const items = await ownItems(2);
    const order = await rig.accept({ items });
    const { body: lost } = await rig.fault({
      service: 'payment',
      operation: 'charge',
      mode: 'timeout_after_effect',
      match: { order_id: order.id },
    });
    await park(rig, order.id, 'chargePayment', () => rig.commands.start(order), { operation: 'lookup' });
    await rig.removeFault(lost.id);
    await decide(rig, order.id, 'chargePayment');
    await rig.reaches(order.id, 'CONFIRMED');
    await eventually(async () => expect(await rig.money(order.id)).toEqual(['REFUNDED']));
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500']);
  });

  test('goes back by hand when the order is cancelled, however often that is retried', async () => {
    const order = await paidByHand();
    const cancelled = rig.command(order.id, 'cancelOrder', {});
    await isParked(
      rig,
      order.id,
      'refundPaymentIfCharged',
      /25\.00 EUR .*paid by bank transfer, transfer 4711.* by hand/,
    );
    expect(await rig.order(order.id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'REFUNDING' });
    await rig.command(order.id, 'resolveStep', { step: 'refundPaymentIfCharged', action: 'retry' });
    await isParked(rig, order.id, 'refundPaymentIfCharged');
    await decide(rig, order.id, 'refundPaymentIfCharged', { reference: 'transfer 4712' });
    expect(await cancelled).toEqual({ outcome: 'done', status: 'CANCELLED' });
    expect(await rig.order(order.id)).toMatchObject({
      paymentStatus: 'REFUNDED',
      refundedMinor: 2_500,
      sagaState: 'COMPENSATED',
    });
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
  });

  test('is kept from being made by the payment service also when that was away until the order had been resumed', async () => {
    const order = await rig.accept({ items: await ownItems(2) });
    const { body: away } = await rig.fault({
      service: 'payment',
      operation: '*',
      mode: 'down',
      match: { order_id: order.id },
    });
    await rig.commands.start(order);
    await isParked(rig, order.id, 'chargePayment');
    await decide(rig, order.id, 'chargePayment');
    await rig.reaches(order.id, 'CONFIRMED');
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED' });
    await rig.handle(order.id).terminate('an accident');
    await reconcile(order.id);
    await eventually(async () => expect((await rig.handle(order.id).describe()).status.name).toBe('RUNNING'));
    await rig.removeFault(away.id);
    await isForbidden(order.id);
    expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', paymentStatus: 'CAPTURED' });
  });

  test('goes back by hand also after its workflow was terminated', async () => {
    const order = await paidByHand();
    await rig.handle(order.id).terminate('an accident');
    await reconcile(order.id);
    await isParked(rig, order.id, 'refundPaymentIfCharged', /25\.00 EUR/);
    await decide(rig, order.id, 'refundPaymentIfCharged');
    await rig.reaches(order.id, 'CANCELLED');
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
  });

  test('goes back by hand in parts when the order is amended down and then returned', async () => {
    const order = await paidByHand(3);
    const amended = amend(order, 2);
    await isParked(rig, order.id, 'refundDifference', /12\.50 EUR/);
    await decide(rig, order.id, 'refundDifference');
    await amended;
    await deliver(order);
    const returned = giveBack(order, 1);
    await isParked(rig, order.id, 'refundReturn', /12\.50 EUR/);
    await decide(rig, order.id, 'refundReturn');
    await returned;
    expect(await rig.order(order.id)).toMatchObject({ totalMinor: 2_500, refundedMinor: 1_250 });
    const part = 'EXTERNAL REFUND 1250';
    expect(await transactionsOf(rig, order.id)).toEqual(['EXTERNAL CHARGE 3750', part, part]);
  });
});

describe.concurrent('money by hand beside money in the payment service', () => {
  test('a difference that was paid by hand goes back by hand, the rest through the payment service', async () => {
    const order = await raisedByHand();
    const cancelled = rig.command(order.id, 'cancelOrder', {});
    await isParked(rig, order.id, 'refundPaymentIfCharged', /12\.50 EUR/);
    expect((await booksOf(rig, order)).keptMinor).toBe(0);
    await decide(rig, order.id, 'refundPaymentIfCharged');
    await cancelled;
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 3_750, paymentStatus: 'REFUNDED' });
    expect(await transactionsOf(rig, order.id)).toEqual([
      'EXTERNAL CHARGE 1250',
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 2500',
      'PAYMENT_SERVICE REFUND 2500',
    ]);
  });

  test('a refund by hand stays in the payment service when the rest of the order is cancelled', async () => {
    const order = await confirmed(rig, 3);
    await park(rig, order.id, 'refundDifference', () => amend(order, 2));
    await decide(rig, order.id, 'refundDifference');
    await eventually(async () => expect((await rig.order(order.id)).totalMinor).toBe(2_500));
    await rig.command(order.id, 'cancelOrder', {});
    expect((await booksOf(rig, order)).keptMinor).toBe(1_250);
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 2_500, paymentStatus: 'REFUNDED' });
    expect(await transactionsOf(rig, order.id)).toEqual([
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 3750',
      'PAYMENT_SERVICE REFUND 2500',
    ]);
  });

  test('a return of more than is in the payment service is split to the penny', async () => {
    const order = await raisedByHand();
    await deliver(order);
    const returned = giveBack(order, 3);
    await isParked(rig, order.id, 'refundReturn', /12\.50 EUR/);
    await decide(rig, order.id, 'refundReturn');
    await returned;
    await rig.reaches(order.id, 'REFUNDED');
    expect((await booksOf(rig, order)).keptMinor).toBe(0);
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 3_750, paymentStatus: 'REFUNDED' });
    expect(await transactionsOf(rig, order.id)).toEqual([
      'EXTERNAL CHARGE 1250',
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 2500',
      'PAYMENT_SERVICE REFUND 2500',
    ]);
  });

  test('refunds of a cancellation and of a return that were made by hand are on record', async () => {
    const cancelled = await confirmed(rig, 2);
    await park(rig, cancelled.id, 'refundPaymentIfCharged', () => rig.command(cancelled.id, 'cancelOrder', {}));
    await decide(rig, cancelled.id, 'refundPaymentIfCharged', { reference: 'cash' });
    expect(await rig.reaches(cancelled.id, 'CANCELLED')).toMatchObject({
      refundedMinor: 2_500,
      paymentStatus: 'REFUNDED',
    });
    expect(await transactionsOf(rig, cancelled.id)).toEqual(['EXTERNAL REFUND 2500', 'PAYMENT_SERVICE CHARGE 2500']);

    const returned = await delivered(rig, 2);
    await park(rig, returned.id, 'refundReturn', () => giveBack(returned, 1));
    await decide(rig, returned.id, 'refundReturn');
    await eventually(async () => expect((await rig.order(returned.id)).refundedMinor).toBe(1_250));
    await giveBack(returned, 1);
    expect(await rig.reaches(returned.id, 'REFUNDED')).toMatchObject({ refundedMinor: 2_500 });
    expect(await transactionsOf(rig, returned.id)).toEqual([
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 2500',
      'PAYMENT_SERVICE REFUND 1250',
    ]);
  });
});
