import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreateAction } from '../../src/domain/saga.ts';
import { breaches, type SettledOrder } from '../saga/clean-slate.ts';
import { ANSWER_LOOKUP, laterAnswers } from '../saga/later-answers.ts';
import { disturbances, openCase, PATIENCE, settled, type Disturbance } from '../saga/matrix.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

/**
 * What goes another way when payments are captured as goods are shipped; whatever else an order passes is the same in any way of paying. What
 * releases an authorisation makes the call of the refund that comes before it.
 */
const actions: readonly CreateAction[] = ['authorizePayment', 'confirmOrder', 'refundPaymentIfCharged'];

/** Everything that goes wrong at an action. */
const disturbancesOf = (action: CreateAction): Readonly<Record<string, Disturbance>> =>
  action === 'authorizePayment' ? { ...disturbances, ...laterAnswers } : disturbances;

const cases = new Map<string, Promise<SettledOrder>>();
let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_CAPTURE: 'shipment', REVIEW_URL: 'sandbox', ...ANSWER_LOOKUP });
  // All at once: they are orders like any others, and disturb each other no more than those would.
  for (const action of actions) for (const title of Object.keys(disturbancesOf(action))) begin(action, title);
});
// Replays the history of every order.
afterAll(() => rig.stop());

function begin(action: CreateAction, title: string): void {
  const run = openCase(rig, action).then(async (order) => {
    const outcome = await disturbancesOf(action)[title]!(order);
    await eventually(async () => (await rig.order(order.id)).status === outcome, PATIENCE);
    return settled(order, outcome);
  });
  run.catch(() => {});
  cases.set(`${action} ${title}`, run);
}

describe.each(actions)('where payments are captured with shipments, %s', (action) => {
  test.each(Object.keys(disturbancesOf(action)))('%s', { timeout: 2 * PATIENCE.timeoutMs }, async (title) => {
    const order = await cases.get(`${action} ${title}`)!;
    await eventually(async () => expect(await breaches(rig, order)).toEqual([]));
  });
});
