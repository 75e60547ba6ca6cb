import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '1s' });
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
