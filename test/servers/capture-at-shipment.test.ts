import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { parseMoney } from '../../src/domain/money.ts';
import type { CommandName, Commands } from '../../src/domain/messages.ts';
import { JWT_SECRET, token } from '../http/api-rig.ts';
import { startWorkerProcess, type WorkerProcess } from '../saga/worker-process.ts';
import { createApiOverRig } from '../setup/api-over-rig.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import type { Fault } from '../setup/saga-views.ts';
import { confirmed } from '../workflows/later-rig.ts';

/** Dozens of attempts wait for their timeouts, and workers die. */
const PATIENCE = { timeoutMs: 120_000 };

/** As many as any fault is met. */
const TIMES = 1_000;

let rig: SagaRig;
let worker: WorkerProcess;
beforeAll(async () => {
  rig = await startSagaRig({ ROLE: 'api', PAYMENT_CAPTURE: 'shipment', ORDER_MIN_TOTAL: '5', JWT_SECRET });
  await rig.stopWorker();
  worker = await startWorkerProcess(rig, { WORKFLOW_CACHE_SIZE: '0', WORKER_MAX_WORKFLOW_TASKS: '1' });
});
afterAll(async () => {
  await worker.kill();
  await rig.stop();
});

/** An order that is confirmed, and whose workflow knows it. */
async function atRest(...order: Parameters<typeof confirmed>): ReturnType<typeof confirmed> {
  const placed = await confirmed(...order);
  await rig.rests(placed.id);
  return placed;
}

type Placed = Awaited<ReturnType<typeof confirmed>>;

/** Sends a command as clients do: the same again until it is answered. */
function send<Name extends CommandName>(id: string, name: Name, more: Partial<Commands[Name]>): Promise<unknown> {
  const command = {
    actor: 'support:sam',
    reason: 'because',
    command_id: uuidv7(),
    ...more,
  } as unknown as Commands[Name];
  return eventually(async () => {
    const reply = await rig.commands.send(id, name, command, 20_000);
    return reply.outcome === 'done' && reply;
  }, PATIENCE);
}

/** Runs `act` while every attempt at `operation` of each order has its effect and loses its reply, and kills the worker in the middle, twice. */
async function killedAt(operation: string, orders: readonly Placed[], act: (order: Placed) => Promise<unknown>) {
  for (const { id } of orders) {
    const lost = { service: 'payment', mode: 'timeout_after_effect', times: TIMES, match: { order_id: id } } as const;
    await rig.fault({ ...lost, operation });
    await rig.fault({ ...lost, operation: 'lookup' });
  }
  const running = Promise.all(orders.map(act));
  running.catch(() => {});
  let before = orders.map(() => 0);
  for (const more of [1, 2]) {
    await eventually(
      async () => (await hits(orders)).every((count, index) => count >= before[index]! + more),
      PATIENCE,
    );
    before = await hits(orders);
    await worker.kill();
    worker = await startWorkerProcess(rig, { WORKFLOW_CACHE_SIZE: '0', WORKER_MAX_WORKFLOW_TASKS: '1' });
  }
  await rig.sandbox.call('DELETE', '/faults');
  await running;
}

/** How often each order has met a fault. */
async function hits(orders: readonly Placed[]): Promise<number[]> {
  const { body } = await rig.sandbox.call('GET', '/faults');
  const faults: { match: Fault['match']; remaining: number | null }[] = body.data;
  return orders.map(({ id }) =>
    faults
      .filter(({ match }) => match?.order_id === id)
      .reduce((sum, { remaining }) => sum + TIMES - (remaining ?? TIMES), 0),
  );
}

const minor = (amount: string) => parseMoney(amount, 'EUR');

/** What the payment service has taken, and holds still, and what our books say was taken; in minor units. */
async function moneyOf({ id }: Placed) {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${id}`);
  const payments: { status: string; captured_amount: string; refunded_amount: string }[] = body.data;
  const rows = (await rig.transactions(id)).filter(({ status }) => status === 'CAPTURED');
  return {
    taken: payments.reduce((sum, one) => sum + minor(one.captured_amount) - minor(one.refunded_amount), 0),
    holding: payments.filter(({ status }) => status === 'AUTHORIZED' || status === 'PARTIALLY_CAPTURED').length,
    booked: rows.reduce((sum, { amount_minor: amountMinor }) => sum + amountMinor, 0),
  };
}

test('whatever is lost, twice, and whenever workers die, what is taken for each shipment is in both books to the penny', async () => {
  const orders = await Promise.all(Array.from({ length: 4 }, () => atRest(rig, 4)));
  const [first, ...others] = orders;
  await killedAt('authorize', others, ({ id, itemId }) =>
    send(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 7 }),
  );
  for (const { id } of orders) await send(id, 'changeStatus', { status: 'PROCESSING' });
  await killedAt('capture', orders, ({ id, itemId }) =>
    send(id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: itemId, quantity: 1 }] }),
  );
  for (const order of orders) expect(await moneyOf(order)).toMatchObject({ taken: 1_250, booked: 1_250 });
  await killedAt('capture', orders, ({ id }) => send(id, 'changeStatus', { status: 'SHIPPED' }));
  for (const order of orders) {
    const taken = order === first ? 5_000 : 8_750;
    await eventually(async () => (await rig.order(order.id)).status === 'SHIPPED', PATIENCE);
    expect(await moneyOf(order)).toEqual({ taken, booked: taken, holding: 0 });
    expect(await rig.order(order.id)).toMatchObject({ totalMinor: taken, paymentStatus: 'CAPTURED' });
  }
}, 600_000);

test('whatever is lost and whenever workers die, cancelling releases all that is held, and takes nothing', async () => {
  const orders = await Promise.all(Array.from({ length: 3 }, () => atRest(rig, 4)));
  await killedAt('refund', orders, ({ id }) => send(id, 'cancelOrder', {}));
  for (const order of orders) {
    await eventually(async () => (await rig.order(order.id)).status === 'CANCELLED', PATIENCE);
    expect(await moneyOf(order)).toEqual({ taken: 0, booked: 0, holding: 0 });
    const rows = await rig.transactions(order.id);
    expect(rows.map(({ kind, status }) => [kind, status])).toEqual([['AUTHORIZATION', 'VOIDED']]);
  }
}, 600_000);

/** An order in PROCESSING that could not be shipped: its authorisation has expired, and a new one was declined. */
async function unpaid(): Promise<Placed> {
  const order = await atRest(rig, 4, { paymentMethod: 'tok_expires_2s' });
  const payments = () => rig.sandbox.call('GET', `/payments/order/${order.id}`);
  await eventually(async () => expect((await payments()).body.data).toMatchObject([{ status: 'EXPIRED' }]));
  await send(order.id, 'changeStatus', { status: 'PROCESSING' });
  const match = { order_id: order.id };
  await rig.fault({ service: 'payment', operation: 'authorize', mode: 'decline', times: 1, match });
  const shipped = rig.command(order.id, 'changeStatus', { status: 'SHIPPED' });
  await expect(shipped).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
  return order;
}

test('whatever is lost and whenever workers die, another payment method holds what is owed once, and the goods are shipped', async () => {
  const orders = await Promise.all(Array.from({ length: 3 }, unpaid));
  await killedAt('authorize', orders, ({ id }) => send(id, 'retryPayment', { payment_method: 'tok_ok' }));
  for (const order of orders) {
    expect(await moneyOf(order)).toEqual({ taken: 0, booked: 0, holding: 1 });
    await send(order.id, 'changeStatus', { status: 'SHIPPED' });
    await eventually(async () => (await rig.order(order.id)).status === 'SHIPPED', PATIENCE);
    expect(await moneyOf(order)).toEqual({ taken: 5_000, booked: 5_000, holding: 0 });
  }
}, 600_000);

test('another payment method is offered over HTTP, which tells of a declined one, of several, and of one too many', async () => {
  const { api, changes } = createApiOverRig(rig);
  const authorization = `Bearer ${await token('shop', ['admin'])}`;
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await api.request(`/api/v1/orders/${path}`, { method, headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  try {
    const { id } = await unpaid();
    expect(await call('GET', id)).toMatchObject({ body: { status: 'PROCESSING', payment_status: 'FAILED' } });
    const offers: readonly [object, number, object][] = [
      [{ payment_method: 'tok_declined' }, 402, { code: 'ORD003', details: [{ decline_code: 'CARD_DECLINED' }] }],
      [{ payment_methods: [{ method: 'tok_ok', amount: '50.00' }] }, 400, { code: 'VALIDATION' }],
      [{ payment_method: 'tok_ok' }, 200, { status: 'PROCESSING', payment_status: 'AUTHORIZED', failure: null }],
      [{ payment_method: 'tok_ok' }, 400, { code: 'ORD005' }],
    ];
    for (const [offer, status, body] of offers)
      expect(await call('POST', `${id}/payment`, offer)).toMatchObject({ status, body });
    const shipped = await call('PUT', `${id}/status`, { status: 'SHIPPED', reason: 'paid' });
    expect(shipped).toMatchObject({ status: 200, body: { status: 'SHIPPED', payment_status: 'CAPTURED' } });
  } finally {
    await changes.close();
  }
}, 300_000);
