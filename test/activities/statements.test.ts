import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CreateAction } from '../../src/domain/saga.ts';
import { failureOf, runActivity, startActivityRig, stepActivities, type ActivityRig } from './rig.ts';
import { runStep } from './steps.ts';
import { someCharge } from '../gateways/calls.ts';

let rig: ActivityRig;
let statements = 0;

const counting: KyselyPlugin = {
  transformQuery: ({ node }) => {
    statements += 1;
    return node;
  },
  transformResult: ({ result }) => Promise.resolve(result),
};

beforeAll(async () => {
  const started = await startActivityRig();
  const dependencies = { ...started.dependencies, db: started.dependencies.db.withPlugin(counting) };
  rig = { ...started, activities: stepActivities(dependencies) };
});

beforeEach(async () => {
  await rig.noFaults();
});

afterAll(() => rig.stop());

test('an order that goes well takes a statement to confirm it and one to say that its customer is notified', async () => {
  const { orderId } = await rig.accept();
  const taken = async (step: CreateAction) => {
    statements = 0;
    await runStep(rig, step, orderId, true);
    return statements;
  };
  expect(await taken('reserveInventory')).toBe(0);
  expect(await taken('chargePayment')).toBe(0);
  expect(await taken('confirmOrder')).toBe(1);
  expect(await taken('notifyCustomer')).toBe(1);
});

test('an attempt that fails takes one statement, which shows what was done before it and when', async () => {
  const { orderId } = await rig.accept();
  await rig.fault('payment', 'charge', 'down');
  const done = {
    step: 'reserveInventory',
    state: 'DONE',
    attempts: 1,
    startedAt: '2026-01-01T10:00:00.000Z',
    endedAt: '2026-01-01T10:00:00.250Z',
  } as const;
  const input = { ...someCharge(orderId), progress: { steps: [done], reservationId: 'reservation-1' } };
  statements = 0;
  await failureOf(runActivity(rig.activities.chargePayment, input, { isLocal: true }));
  expect(statements).toBe(1);
  const { order, steps } = await rig.record(orderId);
  expect(order).toMatchObject({ reservationId: 'reservation-1', paymentStatus: 'QUEUED' });
  expect(steps).toMatchObject([
    {
      step: 'reserveInventory',
      state: 'DONE',
      started_at: new Date(done.startedAt),
      updated_at: new Date(done.endedAt),
    },
    { step: 'chargePayment', state: 'RUNNING', attempts: 1 },
  ]);
});
