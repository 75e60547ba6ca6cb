import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { failureTypes } from '../../src/domain/failures.ts';
import { isCompensation, type CreateAction } from '../../src/domain/saga.ts';
import { findNotifications } from '../../src/orders/find-notifications.ts';
import { failureOf, startActivityRig, type ActivityRig } from './rig.ts';
import { runStep, steps } from './steps.ts';

let rig: ActivityRig;

beforeAll(async () => {
  rig = await startActivityRig();
});

afterEach(() => rig.noFaults());

afterAll(() => rig.stop());

/** An accepted order that has come as far as just before `step`. */
async function orderBefore(step: CreateAction): Promise<string> {
  const { orderId } = await rig.accept();
  for (const earlier of steps[step].before) await runStep(rig, earlier, orderId, true);
  return orderId;
}

const ledgerOf = async (orderId: string, step: CreateAction) =>
  (await rig.record(orderId)).steps.find((row) => row.step === step);

const names = Object.keys(steps) as CreateAction[];

describe.each([
  ['local', true],
  ['regular', false],
] as const)('as a %s activity', (_, isLocal) => {
  describe.each(names)('%s', (step) => {
    const { service, operation, effects } = steps[step];

    test('run twice succeeds both times with the same result and one effect', async () => {
      const orderId = await orderBefore(step);
      const first = await runStep(rig, step, orderId, isLocal);
      const second = await runStep(rig, step, orderId, isLocal);
      expect(second).toEqual(first);
      expect(await rig.effects(orderId)).toEqual(effects);
    });

    test('run five times at once has one effect', async () => {
      const orderId = await orderBefore(step);
      await Promise.all([1, 2, 3, 4, 5].map(() => runStep(rig, step, orderId, isLocal)));
      expect(await rig.effects(orderId)).toEqual(effects);
    });

    test.each([
      ['down', failureTypes.unreachable],
      ['fail_before_effect', failureTypes.outcomeUnknown],
      ['fail_after_effect', failureTypes.outcomeUnknown],
    ])(
      'met by %s fails in a way that is tried again, shows in the ledger, and then has one effect',
      async (mode, type) => {
        const orderId = await orderBefore(step);
        await rig.fault(service, operation, mode, { times: 1, match: { order_id: orderId } });
        expect(await failureOf(runStep(rig, step, orderId, isLocal))).toMatchObject({ type, nonRetryable: false });
        expect(await ledgerOf(orderId, step)).toMatchObject({
          state: 'RUNNING',
          attempts: 1,
          last_error: expect.stringContaining(`${type}: ${service}`),
        });
        expect((await rig.record(orderId)).order).toMatchObject({
          sagaState: isCompensation(step) ? 'COMPENSATING' : 'RUNNING',
        });

        await runStep(rig, step, orderId, false);
        expect(await rig.effects(orderId)).toEqual(effects);
        expect(await ledgerOf(orderId, step)).toMatchObject({ state: 'DONE' });
      },
    );
  });
});

test.each(names.filter((step) => step !== 'confirmOrder' && step !== 'notifyCustomer'))(
  '%s costs the ledger nothing when it succeeds at once as a local activity',
  async (step) => {
    const orderId = await orderBefore(step);
    await runStep(rig, step, orderId, true);
    expect(await ledgerOf(orderId, step)).toBeUndefined();
    await runStep(rig, step, orderId, false);
    expect(await ledgerOf(orderId, step)).toMatchObject({ state: 'DONE', attempts: 1 });
  },
);

test('a confirmation shows in the ledger to whom it went, masked, and nothing of it in the history', async () => {
  for (const isLocal of [true, false]) {
    const { orderId } = await rig.accept(10, { customerEmail: 'ada@example.com' });
    expect(await runStep(rig, 'notifyCustomer', orderId, isLocal)).toBeUndefined();
    expect(await ledgerOf(orderId, 'notifyCustomer')).toMatchObject({ state: 'DONE', recipient: 'a***@example.com' });
    expect(await findNotifications(rig.dependencies.db, orderId)).toMatchObject([
      { type: 'ORDER_CONFIRMED', state: 'SENT', recipient: 'a***@example.com' },
    ]);
  }
});

test.each([
  ['releaseInventoryIfReserved', 'reserveInventory'],
  ['releaseInventoryIfReserved', 'confirmOrder'],
  ['refundPaymentIfCharged', 'chargePayment'],
] as const)(
  'after %s, a %s that comes late is refused as compensated and has no effect',
  async (compensation, step) => {
    for (const isLocal of [true, false]) {
      const { orderId } = await rig.accept();
      await runStep(rig, compensation, orderId, isLocal);
      const before = await rig.effects(orderId);
      expect(await failureOf(runStep(rig, step, orderId, isLocal))).toMatchObject({
        type: failureTypes.alreadyCompensated,
        nonRetryable: true,
      });
      expect(await rig.effects(orderId)).toEqual(before);
    }
  },
);
