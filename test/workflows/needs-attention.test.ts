import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '4s' });
});

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

async function parked(id: string, step: string) {
  await eventually(async () => {
    expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION');
    expect(await rig.ledger(id)).toMatchObject({ [step]: 'FAILED' });
    const { searchAttributes } = await rig.handle(id).describe();
    expect(searchAttributes).toMatchObject({ NeedsAttention: [true], SagaStep: [step] });
  });
}

test('a step that has been failing longer than its bound parks the saga, and a retry goes on from there', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  await parked(id, 'chargePayment');
  await rig.noFaults();

  await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });

  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.ledger(id)).toMatchObject({ chargePayment: 'DONE', confirmOrder: 'DONE' });
  await eventually(async () => {
    const { searchAttributes } = await rig.handle(id).describe();
    expect(searchAttributes).toMatchObject({ NeedsAttention: [false], OrderStatus: ['CONFIRMED'] });
  });
});

test('a parked step that is given up takes everything back', async () => {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'fail_before_effect' });
  const id = await rig.place();
  await parked(id, 'chargePayment');

  await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'skip' });

  await rig.reaches(id, 'CANCELLED');
  expect(await rig.ledger(id)).toMatchObject({ chargePayment: 'SKIPPED', releaseInventoryIfReserved: 'DONE' });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 100, reserved: 0 });
  expect((await rig.ledgerRows(id)).find(({ step }) => step === 'chargePayment')?.actor).toBe('support:sam');
});

test('a parked step that an operator did by hand counts as done', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  await parked(id, 'chargePayment');

  await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'resolve' });

  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.ledger(id)).toMatchObject({ chargePayment: 'RESOLVED', confirmOrder: 'DONE' });
});

test('a compensation that fails for good keeps no other from running, and is retried by an operator', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.fault({ service: 'payment', operation: 'refund', mode: 'down' });

  const cancelled = rig.command(id, 'cancelOrder', {});
  await parked(id, 'refundPaymentIfCharged');

  expect(await rig.stock('TEAPOT')).toEqual({ stock: 100, reserved: 0 });
  expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'REFUNDING' });
  await rig.noFaults();
  await rig.command(id, 'resolveStep', { step: 'refundPaymentIfCharged', action: 'retry' });
  expect(await cancelled).toEqual({ outcome: 'done', status: 'CANCELLED' });
  expect(await rig.money(id)).toEqual(['REFUNDED']);
});

test('a refund that an operator gives up leaves the order cancelled and paid', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.fault({ service: 'payment', operation: 'refund', mode: 'down' });
  const cancelled = rig.command(id, 'cancelOrder', {});
  await parked(id, 'refundPaymentIfCharged');

  await rig.command(id, 'resolveStep', { step: 'refundPaymentIfCharged', action: 'skip' });

  expect(await cancelled).toEqual({ outcome: 'done', status: 'CANCELLED' });
  expect(await rig.order(id)).toMatchObject({ paymentStatus: 'CAPTURED', refundedMinor: 0, refundDueMinor: 0 });
  await rig.noFaults();
});

test('a parked order can still be cancelled', async () => {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'fail_before_effect' });
  const id = await rig.place();
  await parked(id, 'chargePayment');

  expect(await rig.command(id, 'cancelOrder', {})).toEqual({ outcome: 'done', status: 'CANCELLED' });

  expect(await rig.stock('TEAPOT')).toEqual({ stock: 100, reserved: 0 });
});

test('deciding on a step that is not parked is refused', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');

  await expect(rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'skip' })).rejects.toMatchObject({
    type: 'INVALID_COMMAND',
  });
});

test('the timeline of a parked order says what waits for whom and why, and queries answer what the workflow thinks', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  await parked(id, 'chargePayment');
  await rig.rests(id);
  const handle = rig.handle(id);
  const { events } = await handle.fetchHistory();
  const timer = events?.findLast(({ timerStartedEventAttributes: started }) => started);
  const summary = Buffer.from(timer?.userMetadata?.summary?.data ?? []).toString();
  expect(summary).toContain('chargePayment needs attention, send resolveStep');
  expect(Buffer.byteLength(summary)).toBeLessThan(250);

  expect(await handle.query('order')).toMatchObject({ order_id: id, status: 'PENDING', total: '25.00 EUR' });
  expect(await handle.query('saga')).toMatchObject({
    saga: 'create',
    waits_in: 'chargePayment',
    needs_attention: [{ step: 'chargePayment' }],
    steps: [{ step: 'reserveInventory', state: 'DONE' }],
  });
  await rig.noFaults();
  await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  expect(await handle.query('saga')).toMatchObject({ waits_in: null, needs_attention: [] });
  expect((await handle.fetchHistory()).events?.some((event) => event.timerCanceledEventAttributes)).toBe(true);
});

/** The server takes half a minute to delete a run, and longer when it is busy. */
const DELETION = { timeoutMs: 150_000 };

test('a parked order whose run is ended by force is not found as one that needs attention once it is taken over', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  await parked(id, 'chargePayment');
  const { runId } = await rig.handle(id).describe();
  await rig.handle(id).terminate('an accident');
  await rig.noFaults();
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(0) })
    .execute();
  await rig.reconcile({ everything: true });
  await rig.reaches(id, 'CANCELLED');

  await eventually(async () => {
    await rig.reconcile({ everything: false });
    const closed: string[] = [];
    const query = "WorkflowType = 'CreateOrder' AND NeedsAttention = true AND CloseTime IS NOT NULL";
    for await (const run of rig.temporal.client.workflow.list({ query })) closed.push(run.runId);
    expect(closed).not.toContain(runId);
  }, DELETION);
  expect(await rig.historyRows(id)).toContainEqual(
    expect.objectContaining({ change: 'TERMINATED', reason: 'an accident' }),
  );
});

test('of the passes of the reconciler that had nothing to do only the newest is left', async () => {
  const { client } = rig.temporal;
  const options = { taskQueue: rig.config.temporal.taskQueue, args: [] };
  for (const n of [1, 2, 3]) {
    await client.workflow.execute('ReconcileOrders', { ...options, workflowId: `reconcile-orders-${n}` });
  }
  await eventually(async () => {
    await rig.reconcile({ everything: false });
    const passes: string[] = [];
    for await (const run of client.workflow.list({ query: "WorkflowType = 'ReconcileOrders'" }))
      passes.push(run.workflowId);
    expect(passes).toEqual(['reconcile-orders-3']);
  }, DELETION);
});
