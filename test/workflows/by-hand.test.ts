import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileOrder } from '../../src/domain/file-order.ts';
import { takeInOrder } from '../../src/domain/take-in-order.ts';
import { insertTakenInOrders } from '../../src/repositories/take-in-orders.ts';
import { fileOrder, lineOf } from '../imports/file-orders.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import type { Fault } from '../setup/saga-views.ts';
import { booksOf, confirmed, delivered } from './later-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '1s' });
  await rig.product('TEAPOT', 1_000);
});

afterAll(() => rig.stop());

interface Placed {
  readonly id: string;
  readonly sku: string;
  readonly itemId: string;
}

/** Lets a step fail until its saga is parked, and the service recover. */
async function park(id: string, step: string, begin: () => Promise<unknown>, fault: Partial<Fault> = {}) {
  const down = { service: 'payment', operation: '*', mode: 'down', match: { order_id: id }, ...fault } as Fault;
  const { body } = await rig.fault(down);
  const begun = begin();
  begun.catch(() => {});
  await isParked(id, step);
  await rig.removeFault(body.id);
}

async function isParked(id: string, step: string, problem = /./) {
  await eventually(async () => {
    const row = (await rig.ledgerRows(id)).find((one) => one.step === step);
    expect(row).toMatchObject({ state: 'FAILED', last_error: expect.stringMatching(problem) });
    expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION');
    const { searchAttributes } = await rig.handle(id).describe();
    expect(searchAttributes['NeedsAttention']).toEqual([true]);
  });
}

const decide = (id: string, step: string, more: Record<string, string> = {}) =>
  rig.command(id, 'resolveStep', { step, action: 'resolve', ...more } as never);

/** Places an order of its own goods whose charge an operator has made by bank transfer. */
async function paidByHand(quantity = 2): Promise<Placed> {
  const order = await unpaid(quantity);
  await decide(order.id, 'chargePayment', { reason: 'paid by bank transfer', reference: 'transfer 4711' });
  await rig.reaches(order.id, 'CONFIRMED');
  return order;
}

async function unpaid(quantity: number): Promise<Placed> {
  const items = await ownItems(quantity);
  const order = await rig.accept({ items, totalMinor: 1_250 * quantity, subtotalMinor: 1_250 * quantity });
  await park(order.id, 'chargePayment', () => rig.commands.start(order));
  return { id: order.id, sku: items[0]!.sku, itemId: items[0]!.id };
}

async function ownItems(quantity: number) {
  const id = crypto.randomUUID();
  const sku = `sku-${id}`;
  await rig.product(sku, 100);
  return [{ id, productId: 'p1', sku, name: 'Teapot', unitPriceMinor: 1_250, quantity }];
}

/** What was charged and refunded of an order, in the order in which it was written. */
async function transactionsOf(id: string) {
  const rows = await rig.transactions(id);
  return rows.map(({ provider, kind, amount_minor: minor }) => `${provider} ${kind} ${minor}`).toSorted();
}

const amend = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity });
const giveBack = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity }] });

/** An order of two units that the payment service charged, with a third one that an operator charged by hand. */
async function raisedByHand() {
  const order = await confirmed(rig, 2);
  await park(order.id, 'chargeDifference', () => amend(order, 3));
  await decide(order.id, 'chargeDifference');
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
    await park(order.id, 'chargePayment', () => rig.commands.start(order), { operation: 'lookup' });
    await rig.removeFault(lost.id);
    await decide(order.id, 'chargePayment');
    await rig.reaches(order.id, 'CONFIRMED');
    await eventually(async () => expect(await rig.money(order.id)).toEqual(['REFUNDED']));
    expect(await transactionsOf(order.id)).toEqual(['EXTERNAL CHARGE 2500']);
  });

  test('goes back by hand when the order is cancelled, however often that is retried', async () => {
    const order = await paidByHand();
    const cancelled = rig.command(order.id, 'cancelOrder', {});
    await isParked(order.id, 'refundPaymentIfCharged', /25\.00 EUR .*paid by bank transfer, transfer 4711.* by hand/);
    expect(await rig.order(order.id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'REFUNDING' });
    await rig.command(order.id, 'resolveStep', { step: 'refundPaymentIfCharged', action: 'retry' });
    await isParked(order.id, 'refundPaymentIfCharged');
    await decide(order.id, 'refundPaymentIfCharged', { reference: 'transfer 4712' });
    expect(await cancelled).toEqual({ outcome: 'done', status: 'CANCELLED' });
    expect(await rig.order(order.id)).toMatchObject({
      paymentStatus: 'REFUNDED',
      refundedMinor: 2_500,
      sagaState: 'COMPENSATED',
    });
    expect(await transactionsOf(order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
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
    await isParked(order.id, 'chargePayment');
    await decide(order.id, 'chargePayment');
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
    await isParked(order.id, 'refundPaymentIfCharged', /25\.00 EUR/);
    await decide(order.id, 'refundPaymentIfCharged');
    await rig.reaches(order.id, 'CANCELLED');
    expect(await transactionsOf(order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
  });

  test('goes back by hand in parts when the order is amended down and then returned', async () => {
    const order = await paidByHand(3);
    const amended = amend(order, 2);
    await isParked(order.id, 'refundDifference', /12\.50 EUR/);
    await decide(order.id, 'refundDifference');
    await amended;
    await deliver(order);
    const returned = giveBack(order, 1);
    await isParked(order.id, 'refundReturn', /12\.50 EUR/);
    await decide(order.id, 'refundReturn');
    await returned;
    expect(await rig.order(order.id)).toMatchObject({ totalMinor: 2_500, refundedMinor: 1_250 });
    expect(await transactionsOf(order.id)).toEqual([
      'EXTERNAL CHARGE 3750',
      'EXTERNAL REFUND 1250',
      'EXTERNAL REFUND 1250',
    ]);
  });
});

describe.concurrent('money by hand beside money in the payment service', () => {
  test('a difference that was paid by hand goes back by hand, the rest through the payment service', async () => {
    const order = await raisedByHand();
    const cancelled = rig.command(order.id, 'cancelOrder', {});
    await isParked(order.id, 'refundPaymentIfCharged', /12\.50 EUR/);
    expect((await booksOf(rig, order)).keptMinor).toBe(0);
    await decide(order.id, 'refundPaymentIfCharged');
    await cancelled;
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 3_750, paymentStatus: 'REFUNDED' });
    expect(await transactionsOf(order.id)).toEqual([
      'EXTERNAL CHARGE 1250',
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 2500',
      'PAYMENT_SERVICE REFUND 2500',
    ]);
  });

  test('a refund by hand stays in the payment service when the rest of the order is cancelled', async () => {
    const order = await confirmed(rig, 3);
    await park(order.id, 'refundDifference', () => amend(order, 2));
    await decide(order.id, 'refundDifference');
    await eventually(async () => expect((await rig.order(order.id)).totalMinor).toBe(2_500));
    await rig.command(order.id, 'cancelOrder', {});
    expect((await booksOf(rig, order)).keptMinor).toBe(1_250);
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 2_500, paymentStatus: 'REFUNDED' });
    expect(await transactionsOf(order.id)).toEqual([
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 3750',
      'PAYMENT_SERVICE REFUND 2500',
    ]);
  });

  test('a return of more than is in the payment service is split to the penny', async () => {
    const order = await raisedByHand();
    await deliver(order);
    const returned = giveBack(order, 3);
    await isParked(order.id, 'refundReturn', /12\.50 EUR/);
    await decide(order.id, 'refundReturn');
    await returned;
    await rig.reaches(order.id, 'REFUNDED');
    expect((await booksOf(rig, order)).keptMinor).toBe(0);
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 3_750, paymentStatus: 'REFUNDED' });
    expect(await transactionsOf(order.id)).toEqual([
      'EXTERNAL CHARGE 1250',
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 2500',
      'PAYMENT_SERVICE REFUND 2500',
    ]);
  });

  test('refunds of a cancellation and of a return that were made by hand are on record', async () => {
    const cancelled = await confirmed(rig, 2);
    await park(cancelled.id, 'refundPaymentIfCharged', () => rig.command(cancelled.id, 'cancelOrder', {}));
    await decide(cancelled.id, 'refundPaymentIfCharged', { reference: 'cash' });
    expect(await rig.reaches(cancelled.id, 'CANCELLED')).toMatchObject({
      refundedMinor: 2_500,
      paymentStatus: 'REFUNDED',
    });
    expect(await transactionsOf(cancelled.id)).toEqual(['EXTERNAL REFUND 2500', 'PAYMENT_SERVICE CHARGE 2500']);

    const returned = await delivered(rig, 2);
    await park(returned.id, 'refundReturn', () => giveBack(returned, 1));
    await decide(returned.id, 'refundReturn');
    await eventually(async () => expect((await rig.order(returned.id)).refundedMinor).toBe(1_250));
    await giveBack(returned, 1);
    expect(await rig.reaches(returned.id, 'REFUNDED')).toMatchObject({ refundedMinor: 2_500 });
    expect(await transactionsOf(returned.id)).toEqual([
      'EXTERNAL REFUND 1250',
      'PAYMENT_SERVICE CHARGE 2500',
      'PAYMENT_SERVICE REFUND 1250',
    ]);
  });
});

/** Takes an order of one's own goods in, as a file of another system states it, and has its workflow started if it is open. */
async function takeIn(more: Partial<FileOrder> = {}) {
  const reference = crypto.randomUUID();
  const sku = `sku-${reference}`;
  await rig.product(sku, 100);
  const file = fileOrder({ reference, lines: [lineOf(sku, 1_250, 2)], totalMinor: 2_500, ...more });
  const order = takeInOrder(file, 'wait', new Date());
  const [id, itemId] = [crypto.randomUUID(), crypto.randomUUID()];
  const taken = {
    id,
    position: 0,
    customerId: 'alice',
    file,
    order,
    itemIds: [itemId],
    reservationId: null,
    metadata: {},
  };
  const key = { subject: 'shop', key: reference, bodyHash: '' };
  const by = { importId: crypto.randomUUID(), actor: 'service:shop', subject: 'shop' };
  await insertTakenInOrders(rig.db, by, [{ ...taken, key }]);
  if (order.isOpen) await rig.commands.takeOn(id);
  return { id, sku, itemId };
}

const unpaidOrder = { payment: { ...fileOrder({}).payment, state: 'UNPAID' as const } };

/** Nothing was charged, reserved or told of an order, and its workflow does the same again. */
async function isUntouched({ id, sku }: Placed) {
  await rig.rests(id);
  expect(await rig.money(id)).toEqual([]);
  expect(await rig.stock(sku)).toMatchObject({ stock: 100, reserved: 0 });
  const { body } = await rig.sandbox.call('GET', `/notifications?order_id=${id}`);
  expect(body.data).toEqual([]);
  await rig.replay(id);
}

describe.concurrent('an order that was taken in', () => {
  test('and was paid goes on to the end of its fulfilment, and nothing is charged, reserved or told', async () => {
    const order = await takeIn();
    await rig.rests(order.id);
    await isUntouched(order);
    await rig.reconcile({ everything: true });
    expect(await rig.history(order.id)).toEqual(['PENDING', 'CONFIRMED']);
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED' });
    await rig.command(order.id, 'changeStatus', { status: 'DELIVERED' });
    expect(await rig.order(order.id)).toMatchObject({ status: 'DELIVERED', sagaState: 'COMPLETED' });
    expect(await transactionsOf(order.id)).toEqual(['EXTERNAL CHARGE 2500']);
    expect(await rig.money(order.id)).toEqual([]);
  });

  test('and is cancelled has to be paid back by hand', async () => {
    const order = await takeIn();
    const cancelling = rig.command(order.id, 'cancelOrder', {});
    await isParked(order.id, 'refundPaymentIfCharged', /25\.00 EUR was paid outside/);
    expect((await rig.order(order.id)).refundDueMinor).toBe(2_500);
    await decide(order.id, 'refundPaymentIfCharged', { reference: 'transfer 4712' });
    await cancelling;
    expect(await rig.order(order.id)).toMatchObject({
      status: 'CANCELLED',
      paymentStatus: 'REFUNDED',
      refundedMinor: 2_500,
    });
    expect(await transactionsOf(order.id)).toEqual(['EXTERNAL CHARGE 2500', 'EXTERNAL REFUND 2500']);
    expect(await rig.money(order.id)).toEqual([]);
    await rig.replay(order.id);
  });

  test('and was not paid waits until staff says that it was, however often it is tried again', async () => {
    const order = await takeIn(unpaidOrder);
    await isParked(order.id, 'chargePayment', /25\.00 EUR is to be paid outside/);
    await decide(order.id, 'chargePayment', { action: 'retry' });
    await isParked(order.id, 'chargePayment');
    await rig.reconcile({ everything: true });
    expect((await rig.order(order.id)).status).toBe('PENDING');
    await decide(order.id, 'chargePayment', { reason: 'paid at the door', reference: 'receipt 7' });
    await rig.reaches(order.id, 'CONFIRMED');
    expect(await rig.order(order.id)).toMatchObject({ paymentStatus: 'CAPTURED', sagaState: 'COMPLETED' });
    expect(await transactionsOf(order.id)).toEqual(['EXTERNAL CHARGE 2500']);
    await isUntouched(order);
  });

  test('and was not paid is cancelled by whoever gives the payment up', async () => {
    const order = await takeIn(unpaidOrder);
    await isParked(order.id, 'chargePayment');
    await decide(order.id, 'chargePayment', { action: 'skip' });
    await rig.reaches(order.id, 'CANCELLED');
    expect((await rig.order(order.id)).refundedMinor).toBe(0);
    await isUntouched(order);
  });

  test('when nothing of it was open gets its workflow with its first command', async () => {
    const order = await takeIn({ state: 'SHIPPED' });
    await rig.reconcile({ everything: true });
    await expect(rig.handle(order.id).describe()).rejects.toThrow();
    await rig.command(order.id, 'changeStatus', { status: 'DELIVERED' });
    expect(await rig.order(order.id)).toMatchObject({ status: 'DELIVERED', sagaState: 'COMPLETED' });
    await isUntouched(order);
  });
});
