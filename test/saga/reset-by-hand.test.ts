import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PaymentPart } from '../../src/domain/payment-part.ts';
import type { CreateAction } from '../../src/domain/saga.ts';
import { eventually } from '../setup/eventually.ts';
import { findTasks, resetOrder } from '../setup/reset-order.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { breaches } from './clean-slate.ts';
import { addFault, openCase, PATIENCE, removeFaults, settled, start, type Case, type FaultMode } from './matrix.ts';

const twoMethods: readonly PaymentPart[] = [
  { paymentMethod: 'tok_gift', amountMinor: 1_000 },
  { paymentMethod: 'tok_ok', amountMinor: 1_500 },
];

/** How payments are taken, in words and by settings, the step that an operator does by hand, and with what the order is paid. */
const ways: readonly (readonly [string, Record<string, string>, CreateAction, readonly PaymentPart[] | undefined])[] = [
  ['charged', {}, 'chargePayment', undefined],
  ['charged to two methods', {}, 'chargePayment', twoMethods],
  ['authorised first', { PAYMENT_CAPTURE: 'confirm' }, 'authorizePayment', undefined],
];

describe.each(ways)('where payments are %s, and one was made by hand', (_, settings, action, parts) => {
  let rig: SagaRig;

  beforeAll(async () => {
    // Longer than a busy machine takes for one attempt, since one is enough once the workflow is reset.
    rig = await startSagaRig({ STEP_PATIENCE: '10s', ...settings });
  });

  afterAll(() => rig.stop());

  /** An order whose payment failed by these faults, was made by hand, and is confirmed. */
  async function makeByHand(...faults: readonly FaultMode[]): Promise<Case> {
    const order = await openCase(rig, action, parts);
    for (const fault of faults) await addFault(order, action, fault);
    await start(order);
    await eventually(async () => expect(await rig.ledger(order.id)).toMatchObject({ [action]: 'FAILED' }), PATIENCE);
    await rig.command(order.id, 'resolveStep', { step: action, action: 'resolve', reference: 'transfer 4711' });
    await rig.reaches(order.id, 'CONFIRMED');
    return order;
  }

  /** Resets the order's workflow to its first task; returns the run that this ended. */
  async function resetToStart({ id }: Case): Promise<string> {
    const { runId, tasks } = await findTasks(rig, id);
    await resetOrder(rig, id, { runId, eventId: tasks[0] });
    return runId;
  }

  async function expectConfirmedAfter(runId: string, { id }: Case): Promise<void> {
    const { runId: latest, searchAttributes } = await rig.handle(id).describe();
    expect(latest).not.toBe(runId);
    expect(searchAttributes['OrderStatus']).toEqual(['CONFIRMED']);
  }

  test.concurrent.each(['down', 'fail_after_effect'])(
    'a workflow that is reset to before a payment that met %s takes it for made, off the fast path too',
    async (mode) => {
      const order = await makeByHand({ mode }, { mode: 'down', operation: 'lookup' });
      await removeFaults(order);
      const end = { ...settled(order, 'CONFIRMED'), byHand: action };
      await eventually(async () => expect(await breaches(rig, end)).toEqual([]), PATIENCE);

      // The attempt on the fast path fails, and those after it meet a service that is well.
      await addFault(order, action, { mode: 'down', times: 1 });
      const runId = await resetToStart(order);

      await eventually(async () => {
        await expectConfirmedAfter(runId, order);
        expect(await breaches(rig, end)).toEqual([]);
      }, PATIENCE);
    },
    2 * PATIENCE.timeoutMs,
  );

  test.concurrent(
    'a workflow that is reset while the payment service has yet to hear of it makes the payment on no path',
    async () => {
      const mode = 'down';
      const order = await makeByHand({ mode }, { mode, operation: 'lookup' }, { mode, operation: 'refund' });
      // What forbids the payment never comes.
      await removeFaults(order, { but: 'refund' });
      const runId = await resetToStart(order);
      await eventually(() => expectConfirmedAfter(runId, order), PATIENCE);
      const { body } = await rig.sandbox.call('GET', `/payments/order/${order.id}`);
      expect(body.data).toEqual([]);
      await removeFaults(order);
      const end = { ...settled(order, 'CONFIRMED'), byHand: action };
      await eventually(async () => expect(await breaches(rig, end)).toEqual([]), PATIENCE);
    },
    2 * PATIENCE.timeoutMs,
  );
});
