import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Caller } from '../../../src/domain/caller.ts';
import type { CommandName, Commands } from '../../../src/domain/messages.ts';
import { refundPayment } from '../../../src/orders/refund-payment.ts';
import { findOrderWithItems } from '../../../src/repositories/order-repository.ts';
import { startWorkerProcess, type WorkerProcess } from '../../saga/worker-process.ts';
import { eventually } from '../../setup/eventually.ts';
import { confirmed } from '../../workflows/later-rig.ts';
import { startStripeLife, type StripeLife } from './stripe-life.ts';

let rig: StripeLife;
let worker: WorkerProcess;
beforeAll(async () => {
  rig = await startStripeLife({ PAYMENT_ACTION_WINDOW: '3s', SERVICE_ANSWER_LOOKUP: '1m' });
});
afterAll(() => rig.stop());

const VISA = { paymentMethod: 'pm_card_visa' };
const sam: Caller = { subject: 'sam', roles: ['support'], expiresAtMs: Infinity, actor: 'support:sam' };

async function giveBack(id: string, amount: string) {
  const { db, dependencies, commands } = rig;
  const tools = { db, announcer: dependencies.announcer, commands, logger: dependencies.logger, waitMs: 60_000 };
  const order = await findOrderWithItems(db, id);
  return refundPayment(tools, sam, order!, { amount, reason: 'the parcel came late', notify: false }, uuidv7());
}

/** Sends a command as clients do: the same again until it is answered. */
function send<Name extends CommandName>(id: string, name: Name, more: Partial<Commands[Name]>): Promise<unknown> {
  const command = { actor: 'support:sam', reason: 'because', command_id: uuidv7(), ...more };
  return eventually(async () => {
    const reply = await rig.commands.send(id, name, command as unknown as Commands[Name], 20_000);
    return reply.outcome === 'done' && reply;
  }, PATIENCE);
}

/** Attempts wait for their time limits, and workers die. */
const PATIENCE = { timeoutMs: 120_000 };

/** A confirmed order of so many teapots for 12.50, whose workflow knows it. */
async function atRest(quantity: number, paymentMethod = 'pm_card_visa') {
  const order = await confirmed(rig, quantity, { paymentMethod });
  await rig.rests(order.id);
  return order;
}

test('an order is confirmed, shipped in parts, returned and refunded in part, and both books agree after each step', async () => {
  const { id, itemId } = await atRest(4);
  expect(rig.config.order.paymentCapture).toBe('confirm');
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 5_000, held: 0, owes: 5_000 });
  await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 3 });
  expect(await rig.agreed(id)).toMatchObject({ kept: 3_750, owes: 3_750 });
  await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 4 });
  expect(await rig.agreed(id)).toMatchObject({ kept: 5_000, held: 0, owes: 5_000 });
  await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
  await rig.command(id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: itemId, quantity: 1 }] });
  await rig.command(id, 'changeStatus', { status: 'SHIPPED' });
  await rig.command(id, 'changeStatus', { status: 'DELIVERED' });
  await rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity: 1 }] });
  await giveBack(id, '3.21');
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'DELIVERED', kept: 3_429, held: 0, owes: 3_429 });
  const late = [...rig.stripe.books.refunds.values()].find(({ amount }) => amount === 321)!;
  rig.stripe.books.failRefund(late.id);
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.order(id)).toMatchObject({ refundDueMinor: 321, paymentStatus: 'PARTIALLY_REFUNDED' });
  expect(await rig.agreed(id)).toEqual({ status: 'DELIVERED', kept: 3_750, held: 0, owes: 3_750 });
});

test('an order that is cancelled has everything back, whatever was amended before', async () => {
  const { id, itemId } = await atRest(2);
  await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 3 });
  await rig.command(id, 'cancelOrder', {});
  await rig.reaches(id, 'CANCELLED');
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CANCELLED', kept: 0, held: 0, owes: 0 });
});

test('an order that is declined is paid by another payment method', async () => {
  const { id } = await declined('pm_card_chargeDeclinedInsufficientFunds');
  expect(await rig.order(id)).toMatchObject({ failure: { details: [{ decline_code: 'insufficient_funds' }] } });
  expect(rig.stripe.books.balanceOf(id)).toEqual({ received: 0, refunded: 0, held: 0 });
  await payAgain(id);
});

/** An order that waits for another payment method. */
async function declined(paymentMethod: string) {
  const placed = await placeWith(paymentMethod);
  await rig.reaches(placed.id, 'PAYMENT_FAILED');
  await rig.rests(placed.id);
  return placed;
}

async function placeWith(paymentMethod: string) {
  const sku = `sku-${uuidv7()}`;
  await rig.product(sku, 100);
  const item = { id: uuidv7(), productId: 'p1', sku, name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 };
  return { id: await rig.place({ items: [item], paymentMethod }), itemId: item.id };
}

async function payAgain(id: string): Promise<void> {
  await rig.command(id, 'retryPayment', { payment_method: VISA.paymentMethod });
  await rig.reaches(id, 'CONFIRMED');
  await rig.tell();
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 2_500, held: 0, owes: 2_500 });
}

/** An order whose customer is asked, with its intent. */
async function asked() {
  const { id } = await placeWith('pm_card_authenticationRequired');
  const order = await eventually(async () => {
    const found = await rig.order(id);
    expect(found.paymentStatus).toBe('ACTION_REQUIRED');
    return found;
  });
  expect(order.paymentAction).toMatchObject({ nextAction: { type: 'use_sdk' } });
  const intent = [...rig.stripe.books.intents.values()].find(({ metadata }) => metadata['order_id'] === id)!;
  return { id, intentId: intent.id };
}

test('a payment that its customer confirms goes on at once by its event', async () => {
  const { id, intentId } = await asked();
  rig.stripe.books.authenticate(intentId, true);
  const toldAtMs = Date.now();
  expect(await rig.tell()).toEqual([200]);
  await rig.reaches(id, 'CONFIRMED');
  expect(Date.now() - toldAtMs).toBeLessThan(30_000);
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 2_500, held: 0, owes: 2_500 });
});

test('a payment that its customer refuses, or does not confirm in time, is closed, and another is taken', async () => {
  const [refused, late] = [await asked(), await asked()];
  rig.stripe.books.authenticate(refused.intentId, false);
  await rig.tell();
  for (const { id, intentId } of [refused, late]) {
    await rig.reaches(id, 'PAYMENT_FAILED');
    await rig.rests(id);
    expect(rig.stripe.books.intent(intentId).status).toBe('canceled');
  }
  expect(await rig.order(late.id)).toMatchObject({
    failure: { details: [{ decline_code: 'AUTHENTICATION_TIMED_OUT' }] },
  });
  for (const { id } of [refused, late]) await payAgain(id);
});

const FAULTS: Readonly<Record<string, RegExp>> = {
  authorise: /^\/v1\/payment_intents$/,
  capture: /\/capture$/,
  refund: /^\/v1\/refunds$/,
};

/**
 * Runs `act` while every reply to such requests is lost after its effect, and so is every reply to a look-up from then on, and kills the worker
 * in the middle, twice.
 */
async function killedAt(what: string, act: () => Promise<unknown>): Promise<void> {
  const { faults, requests } = rig.stripe;
  let met = 0;
  const onMet = () => {
    met += 1;
    if (met === 1) faults.add('lost', /^\/v1\//, { method: 'GET', times: MANY });
  };
  faults.add('lost', FAULTS[what]!, { times: MANY, onMet });
  const running = act();
  running.catch(() => {});
  await eventually(() => Promise.resolve(met > 0), PATIENCE);
  for (let kills = 0; kills < 2; kills += 1) {
    await worker.kill();
    const before = requests.length;
    worker = await startWorkerProcess(rig, workerSettings());
    if (kills === 0) await eventually(() => Promise.resolve(requests.length > before), PATIENCE);
  }
  faults.clear();
  await running;
}

/** As many as any fault is met. */
const MANY = 100_000;

function workerSettings(): Record<string, string> {
  const { JWT_SECRET: _, ...settings } = rig.settings;
  return { ...settings, WORKFLOW_CACHE_SIZE: '0', WORKER_MAX_WORKFLOW_TASKS: '1', PAYMENT_CAPTURE: 'confirm' };
}

test('replies that are lost again and again, and workers that die twice, move the money once: authorised, captured, refunded', async () => {
  await rig.stopWorker();
  worker = await startWorkerProcess(rig, workerSettings());
  const place = async () => {
    const placed = await placeWith(VISA.paymentMethod);
    await eventually(async () => (await rig.order(placed.id)).status === 'CONFIRMED', PATIENCE);
  };
  for (const what of ['authorise', 'capture']) {
    await killedAt(what, place);
    const [id = ''] = newestOrder();
    expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 2_500, held: 0, owes: 2_500 });
  }
  const [id = ''] = newestOrder();
  await rig.rests(id);
  const [item] = (await findOrderWithItems(rig.db, id))!.items;
  await killedAt('refund', () => send(id, 'amendItems', { change: 'set', item_id: item!.id, quantity: 1 }));
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 1_250, held: 0, owes: 1_250 });
  await rig.rests(id);
  await killedAt('refund', () => send(id, 'cancelOrder', {}));
  await eventually(async () => (await rig.order(id)).status === 'CANCELLED', PATIENCE);
  await rig.tell();
  expect(await rig.agreed(id)).toEqual({ status: 'CANCELLED', kept: 0, held: 0, owes: 0 });
  await worker.kill();
}, 600_000);

/** The order that Stripe was asked to pay last. */
function newestOrder(): string[] {
  return [...rig.stripe.books.intents.values()].slice(-1).map(({ metadata }) => metadata['order_id'] ?? '');
}
