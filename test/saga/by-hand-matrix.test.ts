import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CreateAction } from '../../src/domain/saga.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { breaches } from './clean-slate.ts';
import { addFault, openCase, PATIENCE, prepare, removeFaults, settled, start } from './matrix.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '1s' });
});

afterAll(() => rig.stop());

const before = ['down', 'fail_before_effect'] as const;
const after = ['fail_after_effect', 'timeout_after_effect', 'late_effect'] as const;

/** Whoever gives money back by hand has looked that it has not gone back already; a charge needs no such care. */
const cases: readonly (readonly [CreateAction, string])[] = [
  ...[...before, ...after].map((mode) => ['chargePayment', mode] as const),
  ...before.map((mode) => ['refundPaymentIfCharged', mode] as const),
];

test.concurrent.each(cases)('%s that meets %s is done by hand, and money and order agree', async (action, mode) => {
  const order = await openCase(rig, action);
  await prepare(order);
  await addFault(order, action, { mode, ...(mode === 'late_effect' && { delay_ms: 700 }) });
  await addFault(order, action, { mode: 'down', operation: 'lookup' });
  const { cancelled } = await start(order);
  await eventually(async () => expect(await rig.ledger(order.id)).toMatchObject({ [action]: 'FAILED' }), PATIENCE);
  await rig.command(order.id, 'resolveStep', { step: action, action: 'resolve', reference: 'transfer 4711' });
  const outcome = cancelled ? 'CANCELLED' : 'CONFIRMED';
  await rig.reaches(order.id, outcome);
  await removeFaults(order);
  const end = { ...settled(order, outcome), byHand: action };
  await eventually(async () => expect(await breaches(rig, end)).toEqual([]), PATIENCE);
});
