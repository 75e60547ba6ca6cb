import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '3s' });
});

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

/** Looks at everything; orders count as settled at once. */
async function pass() {
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(Date.now() - 60_000) })
    .execute();
  return rig.reconcile({ everything: true });
}

test('an order whose workflow was terminated in the middle of its saga is cancelled, with stock and money back', async () => {
  await rig.fault({ service: 'inventory', operation: 'commit', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => expect(await rig.ledger(id)).toMatchObject({ confirmOrder: 'RUNNING' }));
  expect(await rig.money(id)).toEqual(['CAPTURED']);
  await rig.handle(id).terminate('an accident');
  await rig.noFaults();

  const report = await pass();

  expect(report).toMatchObject({ compensating: 1, orders: [{ order_id: id, outcome: 'compensating' }] });
  const order = await rig.reaches(id, 'CANCELLED');
  expect(order).toMatchObject({
    sagaState: 'COMPENSATED',
    cancellationReason: 'its workflow was terminated: an accident',
  });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 100, reserved: 0 });
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  await eventually(async () => expect((await rig.handle(id).describe()).status.name).toBe('COMPLETED'));
  expect(await pass()).toMatchObject({ compensating: 0, taken_up: 0, repaired: 0 });
});

test('a confirmed order whose workflow was terminated is cancelled, one that has left goes on', async () => {
  const confirmed = await rig.place();
  const shipped = await rig.place();
  await rig.reaches(confirmed, 'CONFIRMED');
  await rig.reaches(shipped, 'CONFIRMED');
  for (const status of ['PROCESSING', 'SHIPPED'] as const) await rig.command(shipped, 'changeStatus', { status });
  for (const id of [confirmed, shipped]) await rig.handle(id).terminate();

  expect(await pass()).toMatchObject({ compensating: 1, taken_up: 1 });

  await rig.reaches(confirmed, 'CANCELLED');
  expect(await rig.money(confirmed)).toEqual(['REFUNDED']);
  expect(await rig.command(shipped, 'changeStatus', { status: 'DELIVERED' })).toMatchObject({ status: 'DELIVERED' });
  expect(await rig.money(shipped)).toEqual(['CAPTURED']);
});

test('an accepted order that was never started is started', async () => {
  const { id } = await rig.accept();

  expect(await pass()).toMatchObject({ started: 1 });

  await rig.reaches(id, 'CONFIRMED');
});

test('a projection that is behind its workflow is put right, with a row in the history that says so', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  await rig.db.updateTable('orders').set({ status: 'PENDING' }).where('id', '=', id).execute();

  expect(await pass()).toMatchObject({ repaired: 1 });

  expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED', sagaState: 'COMPLETED' });
  expect((await rig.historyRows(id)).at(-1)).toMatchObject({ actor: 'system:reconciler', to_status: 'CONFIRMED' });
});

test('a cancelled order whose workflow says otherwise stays cancelled, and needs attention until its workflow is cancelled too', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  await rig.db.updateTable('orders').set({ status: 'CANCELLED' }).where('id', '=', id).execute();

  const what = expect.stringContaining(`temporal workflow cancel -w order-${id}`) as string;
  const expected = { repaired: 0, needs_attention: 1, orders: [{ order_id: id, outcome: 'needs attention', what }] };
  expect(await pass()).toMatchObject(expected);
  expect(await pass()).toMatchObject(expected);

  expect(await rig.order(id)).toMatchObject({ status: 'CANCELLED', sagaState: 'NEEDS_ATTENTION' });
  const marks = (await rig.historyRows(id)).filter(({ actor }) => actor === 'system:reconciler');
  expect(marks).toMatchObject([{ to_status: 'CANCELLED', reason: what }]);
  await rig.handle(id).cancel();
  await eventually(async () => expect(await rig.order(id)).toMatchObject({ sagaState: 'COMPENSATED' }));
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  expect(await pass()).toMatchObject({ repaired: 0, needs_attention: 0 });
});

test('a projection that is ahead of a parked workflow is left alone, and the workflow catches up', async () => {
  await rig.fault({ service: 'inventory', operation: 'commit', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => expect(await rig.order(id)).toMatchObject({ sagaState: 'NEEDS_ATTENTION' }));
  await rig.rests(id);
  // As an attempt at the workflow task that died with its worker would have left it.
  await transitionOrder(rig.db, {
    orderId: id,
    to: 'CONFIRMED',
    key: 'confirmed',
    actor: 'system:saga',
    sagaState: 'NEEDS_ATTENTION',
  });

  expect(await pass()).toMatchObject({ repaired: 0, needs_attention: 0 });

  expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED' });
  await rig.noFaults();
  await rig.command(id, 'resolveStep', { step: 'confirmOrder', action: 'retry' });
  await eventually(async () => expect(await rig.order(id)).toMatchObject({ sagaState: 'COMPLETED' }));
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 98, reserved: 0 });
  // The workflow knows it a moment after the projection.
  await rig.rests(id);
  await rig.command(id, 'changeStatus', { status: 'PROCESSING' });
});

test("a copy of an order's workflow under another id acts on nothing, and the reconciler goes on", async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  const { events } = await rig.handle(id).fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  const input = JSON.parse(Buffer.from(started!.data!).toString()) as object;
  for (const workflowId of [`order-${id}-copy`, `copy-of-${id}`, 'order-']) {
    const taskQueue = rig.temporal.taskQueue;
    const copy = await rig.temporal.client.workflow.start('CreateOrder', { workflowId, taskQueue, args: [input] });
    await copy.cancel().catch(() => {});
    await expect(copy.result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('has done nothing') as string, nonRetryable: true },
    });
  }

  expect(await pass()).toMatchObject({ repaired: 0, compensating: 0, needs_attention: 0 });
  expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED', sagaState: 'COMPLETED' });
  expect(await rig.money(id)).toEqual(['CAPTURED']);
});

test('two passes at once beside an order in progress do nothing twice', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const busy = await rig.place();
  const killed = await rig.place();
  await eventually(async () => expect((await rig.order(killed)).paymentStatus).toBe('QUEUED'));
  await rig.handle(killed).terminate();
  await rig.noFaults();

  const reports = await Promise.all([pass(), pass(), pass()]);

  expect(reports.reduce((sum, { taken_up, repaired }) => sum + taken_up + repaired, 0)).toBe(0);
  await rig.reaches(busy, 'CONFIRMED');
  await rig.reaches(killed, 'CANCELLED');
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 98, reserved: 0 });
  expect(await rig.money(killed)).not.toContain('CAPTURED');
});

test('what the outbox still holds is published, and counted once', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  expect((await pass()).published).toBeGreaterThanOrEqual(3);

  const events = await rig.db.selectFrom('outbox').selectAll().where('subject_id', '=', id).orderBy('id').execute();
  expect(events.map(({ type }) => type)).toEqual(['order.created', 'payment.processed', 'order.confirmed']);
  for (const { position } of events) expect(position).not.toBeNull();
  expect((await pass()).published).toBe(0);
});
