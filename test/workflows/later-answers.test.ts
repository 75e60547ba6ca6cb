import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PaymentWebhook } from '../../src/domain/payment-webhook.ts';
import { settlePayment } from '../../src/orders/settle-payment.ts';
import { settleReservation } from '../../src/orders/settle-reservation.ts';
import { findItems } from '../../src/repositories/order-items.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, booksOf, confirmed } from './later-rig.ts';

let rig: SagaRig;

// Nothing is looked up in these tests before a service has spoken: SERVICE_ANSWER_LOOKUP is a minute.
beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_ACTION_WINDOW: `${CONFIRM_WITHIN_MS}ms` });
});
afterAll(() => rig.stop());

/** Long enough for a busy machine to confirm a payment in a test, and short enough to wait for. */
const CONFIRM_WITHIN_MS = 6_000;

/** Longer than a busy machine takes to look at an order that waits, shorter than anybody waits for it. */
const DECIDED_AFTER_MS = 5_000;

interface PlacedOrder {
  readonly id: string;
  readonly sku: string;
}

const faultOf = ({ id }: PlacedOrder, mode: string, delayMs: number) =>
  ({ mode, times: 1, delay_ms: delayMs, match: { order_id: id } }) as const;
const answersCharge = (order: PlacedOrder, mode: string, delayMs = DECIDED_AFTER_MS) =>
  rig.fault({ service: 'payment', operation: 'charge', ...faultOf(order, mode, delayMs) });
const answersReservation = (order: PlacedOrder, mode: string, delayMs = DECIDED_AFTER_MS) =>
  rig.fault({ service: 'inventory', operation: 'reserve', ...faultOf(order, mode, delayMs) });

/** An order that is placed once its services have been told how to behave. */
async function place(
  prepare: (order: PlacedOrder) => Promise<unknown>,
  paymentMethod = 'tok_ok',
): Promise<PlacedOrder> {
  const order = { id: uuidv7(), sku: `sku-${uuidv7()}` };
  await rig.product(order.sku, 100);
  await prepare(order);
  const items = [{ id: uuidv7(), productId: 'p1', sku: order.sku, name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 }];
  await rig.place({ id: order.id, items, paymentMethod });
  return order;
}

const stepOf = async (id: string, name: string) => (await rig.ledgerRows(id)).find(({ step }) => step === name);

/** Waits until the order waits for the answer of the service that carries out `step`. */
const waits = (id: string, step: string) =>
  eventually(async () => {
    expect(await stepOf(id, step)).toMatchObject({
      state: 'RUNNING',
      last_error: expect.stringContaining('awaited since'),
    });
    const description = await rig.handle(id).describe();
    expect(description.searchAttributes).toMatchObject({ SagaStep: [step] });
    return description;
  });

/** Waits until the payment service has a charge with this key that is decided on. */
const decided = (key: string) =>
  eventually(async () => {
    const { body } = await rig.sandbox.call('GET', `/payments?idempotency_key=${key}`);
    expect(body.data[0].status).not.toBe('PENDING');
  });

const reservationOf = async (id: string) => (await rig.sandbox.call('GET', `/reservations/${id}`)).body.status;

const say = (orderId: string, more: Partial<PaymentWebhook> = {}) =>
  settlePayment(
    { ...rig.dependencies, commands: rig.commands },
    {
      id: uuidv7(),
      orderId,
      idempotencyKey: `${orderId}:charge:1`,
      outcome: 'captured',
      paymentId: 'later',
      declineCode: null,
      amountMinor: 2_500,
      currency: 'EUR',
      ...more,
    },
  );

const sayReserved = (orderId: string, outcome: 'reserved' | 'failed' = 'reserved') =>
  settleReservation({ ...rig.dependencies, commands: rig.commands }, { orderId, outcome }, uuidv7());

test.concurrent('a charge that is answered later is waited for without an activity, visibly, and goes on with the message', async () => {
  const order = await place((it) => answersCharge(it, 'answer_later'));
  const { raw } = await waits(order.id, 'chargePayment');
  expect(raw.pendingActivities ?? []).toEqual([]);
  expect(await rig.order(order.id)).toMatchObject({
    status: 'PENDING',
    paymentStatus: 'PENDING',
    sagaState: 'RUNNING',
  });
  await decided(`${order.id}:charge:1`);
  expect(await say(order.id)).toBe('SIGNALLED');
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await stepOf(order.id, 'chargePayment')).toMatchObject({ state: 'DONE', attempts: 2 });
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a reservation that is answered later is waited for in the same way, and both may be of one order', async () => {
  const order = await place(async (it) => {
    await answersCharge(it, 'answer_later');
    await answersReservation(it, 'answer_later');
  });
  await waits(order.id, 'reserveInventory');
  await eventually(async () => expect(await reservationOf(order.id)).toBe('HELD'));
  const applied = { state: 'APPLIED' };
  expect([await sayReserved(order.id), await sayReserved(order.id)]).toEqual([applied, applied]);
  await waits(order.id, 'chargePayment');
  await decided(`${order.id}:charge:1`);
  await say(order.id);
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a message that overtakes the answer is remembered, and the outcome is looked up at once', async () => {
  const order = await place(async (it) => {
    await answersReservation(it, 'answer_later');
    await answersCharge(it, 'answer_later', 0);
  });
  await waits(order.id, 'reserveInventory');
  // Of a charge that is yet to be made.
  expect(await say(order.id)).toBe('SIGNALLED');
  await eventually(async () => expect(await reservationOf(order.id)).toBe('HELD'));
  await sayReserved(order.id);
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a message that contradicts the books of its service is not believed', async () => {
  const order = await place((it) => answersCharge(it, 'answer_later'));
  await waits(order.id, 'chargePayment');
  // Nothing is decided yet, whatever the message says; then the books have the contrary of it.
  expect(await say(order.id)).toBe('SIGNALLED');
  await eventually(async () => expect(await stepOf(order.id, 'chargePayment')).toMatchObject({ attempts: 2 }));
  expect(await rig.order(order.id)).toMatchObject({ status: 'PENDING', paymentStatus: 'PENDING' });
  await decided(`${order.id}:charge:1`);
  await say(order.id, { outcome: 'declined', declineCode: 'CARD_DECLINED' });
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a charge that is declined later asks for another payment method, whose charge may be answered later, too', async () => {
  const order = await place((it) => answersCharge(it, 'refuse_later'));
  await waits(order.id, 'chargePayment');
  await decided(`${order.id}:charge:1`);
  await say(order.id, { outcome: 'declined', declineCode: 'CARD_DECLINED' });
  const { failure } = await rig.reaches(order.id, 'PAYMENT_FAILED');
  expect(failure).toMatchObject({ code: 'ORD003', details: [{ decline_code: 'CARD_DECLINED' }] });
  await answersCharge(order, 'answer_later');
  await rig.command(order.id, 'retryPayment', { payment_method: 'tok_ok' });
  await decided(`${order.id}:charge:2`);
  await say(order.id, { idempotencyKey: `${order.id}:charge:2` });
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a reservation that is refused later cancels the order as out of stock', async () => {
  const order = await place((it) => answersReservation(it, 'refuse_later'));
  await waits(order.id, 'reserveInventory');
  await eventually(async () => expect(await reservationOf(order.id)).toBe('REFUSED'));
  expect(await sayReserved(order.id, 'failed')).toEqual({ state: 'APPLIED' });
  const { failure } = await rig.reaches(order.id, 'CANCELLED');
  expect(failure).toMatchObject({ code: 'ORD002', details: [{ sku: order.sku, requested: 2, available: 0 }] });
  expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
});

test.concurrent.each([
  ['charge', 'chargePayment', answersCharge],
  ['reservation', 'reserveInventory', answersReservation],
] as const)(
  'an order that is cancelled while it waits for its %s takes nothing, whatever is decided later',
  async (_, step, answers) => {
    const order = await place((it) => answers(it, 'answer_later'));
    await waits(order.id, step);
    expect(await rig.command(order.id, 'cancelOrder', {})).toEqual({ outcome: 'done', status: 'CANCELLED' });
    expect(await stepOf(order.id, 'releaseInventoryIfReserved')).toMatchObject({ state: 'DONE' });
    expect(await stepOf(order.id, 'refundPaymentIfCharged')).toMatchObject({ state: 'DONE' });
    expect(await booksOf(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    expect(await reservationOf(order.id)).toBe('RELEASED');
  },
);

test.concurrent('what a service does all the same after its undo is undone once, when it says so', async () => {
  const order = await place((it) => answersCharge(it, 'answer_never'));
  await waits(order.id, 'chargePayment');
  await rig.command(order.id, 'cancelOrder', {});
  const { pool } = rig.database;
  // As a bank does that had the charge on its way, and an inventory that forgot its tombstone.
  await pool.query(
    `insert into sandbox.payments (id, order_id, idempotency_key, amount, currency, payment_method)
     values ($1, $2, $3, 2500, 'EUR', 'tok_ok')`,
    [uuidv7(), order.id, `${order.id}:charge:1`],
  );
  await pool.query(`update sandbox.reservations set status = 'HELD' where order_id = $1`, [order.id]);
  await pool.query('update sandbox.products set reserved = 2 where sku = $1', [order.sku]);
  expect([await say(order.id), await say(order.id)]).toEqual(['REFUNDED', 'REFUNDED']);
  const applied = { state: 'APPLIED' };
  expect([await sayReserved(order.id), await sayReserved(order.id)]).toEqual([applied, applied]);
  expect(await rig.order(order.id)).toMatchObject({ paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
  expect(await booksOf(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
});

test.concurrent("an amendment's charge that is answered later is waited for, and a worker that dies meanwhile changes nothing", async () => {
  const order = await confirmed(rig);
  await answersCharge(order, 'answer_later');
  const amending = rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 3 });
  await waits(order.id, 'chargeDifference');
  await rig.stopWorker();
  await rig.startWorker();
  const key = `${order.id}:charge:amend:1`;
  await decided(key);
  expect(await say(order.id, { idempotencyKey: key, amountMinor: 1_250 })).toBe('SIGNALLED');
  expect(await amending).toMatchObject({ outcome: 'done' });
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 3_750, left: 3 });
});

/** An order whose customer has to confirm the payment, and where they do that. */
async function placeToConfirm(): Promise<{ order: PlacedOrder; url: string }> {
  const order = await place(() => Promise.resolve(), 'tok_3ds');
  const { paymentAction } = await eventually(async () => {
    const now = await rig.order(order.id);
    expect(now).toMatchObject({ status: 'PENDING', paymentStatus: 'ACTION_REQUIRED', sagaState: 'RUNNING' });
    return now;
  });
  if (paymentAction?.nextAction.type !== 'redirect') throw new Error('the customer is sent nowhere');
  return { order, url: paymentAction.nextAction.url };
}

const answer = async (url: string, choice: 'approve' | 'refuse') =>
  (await fetch(`${url}/${choice}`, { method: 'POST' })).status;

test.concurrent('a payment that its customer has to confirm says where, until when and in no history or event, and goes on when it is confirmed', async () => {
  const { order, url } = await placeToConfirm();
  const { paymentAction } = await rig.order(order.id);
  const leftMs = paymentAction!.until.getTime() - Date.now();
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(CONFIRM_WITHIN_MS);
  expect((await fetch(url)).status).toBe(200);
  expect(await answer(url, 'approve')).toBe(200);
  await say(order.id);
  expect(await rig.reaches(order.id, 'CONFIRMED')).toMatchObject({ paymentStatus: 'CAPTURED', paymentAction: null });
  const secret = url.split('/').at(-1)!;
  const { rows: events } = await rig.database.pool.query('select payload from outbox where subject_id = $1', [
    order.id,
  ]);
  expect(JSON.stringify(events)).toContain('ACTION_REQUIRED');
  expect(JSON.stringify([events, await rig.handle(order.id).fetchHistory()])).not.toContain(`/3ds/${secret}`);
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a payment that its customer refuses has failed, and another method may be offered', async () => {
  const { order, url } = await placeToConfirm();
  expect(await answer(url, 'refuse')).toBe(200);
  await say(order.id, { outcome: 'declined', declineCode: 'CARD_DECLINED' });
  expect(await rig.reaches(order.id, 'PAYMENT_FAILED')).toMatchObject({ paymentStatus: 'FAILED', paymentAction: null });
  await rig.command(order.id, 'retryPayment', { payment_method: 'tok_ok' });
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('a payment that is not confirmed in time has failed, takes nothing however late it is confirmed, and another method may be offered', async () => {
  const { order, url } = await placeToConfirm();
  const failed = await rig.reaches(order.id, 'PAYMENT_FAILED');
  expect(failed).toMatchObject({
    paymentStatus: 'FAILED',
    paymentAction: null,
    failure: { code: 'ORD003', details: [{ decline_code: 'AUTHENTICATION_TIMED_OUT' }] },
  });
  expect(failed.paymentRetryUntil?.getTime()).toBeGreaterThan(Date.now());
  expect(await answer(url, 'approve')).toBe(404);
  expect(await booksOf(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 2 });
  await rig.command(order.id, 'retryPayment', { payment_method: 'tok_ok' });
  await rig.reaches(order.id, 'CONFIRMED');
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test.concurrent('an order that is cancelled while its customer has to confirm the payment takes nothing and asks for nothing', async () => {
  const { order, url } = await placeToConfirm();
  expect(await rig.command(order.id, 'cancelOrder', {})).toEqual({ outcome: 'done', status: 'CANCELLED' });
  expect(await rig.order(order.id)).toMatchObject({ paymentAction: null });
  expect(await answer(url, 'approve')).toBe(404);
  expect(await booksOf(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
});

test.concurrent("an amendment's charge that its customer does not confirm in time changes nothing of the order", async () => {
  const { order, url } = await placeToConfirm();
  await answer(url, 'approve');
  await say(order.id);
  await rig.reaches(order.id, 'CONFIRMED');
  const [item] = await findItems(rig.db, order.id);
  const amending = rig.command(order.id, 'amendItems', { change: 'set', item_id: item!.id, quantity: 3 });
  const refused = amending.then(
    () => 'done',
    (error: Error) => error.message,
  );
  await eventually(async () => expect((await rig.order(order.id)).paymentAction).not.toBeNull());
  expect(await refused).toBe('the customer has not confirmed the payment in time');
  expect(await rig.order(order.id)).toMatchObject({
    totalMinor: 2_500,
    paymentStatus: 'CAPTURED',
    paymentAction: null,
  });
  expect(await balances(rig, order)).toMatchObject({ keptMinor: 2_500, left: 2 });
});

test('a notice that comes before any worker runs the order has its charge asked for at once', async () => {
  await rig.stopWorker();
  const placing = place((order) => answersCharge(order, 'answer_later', 0));
  const { id } = await placing;
  const message = { idempotency_key: `${id}:charge:1`, actor: 'service:payment', reason: 'payment captured' };
  await rig.handle(id).signal('paymentSettled', { from_api: { ...message, command_id: uuidv7() } });
  await rig.startWorker();
  await eventually(async () => expect((await rig.order(id)).status).toBe('CONFIRMED'), { timeoutMs: 30_000 });
});
