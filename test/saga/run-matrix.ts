import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PaymentPart } from '../../src/domain/payment-part.ts';
import { isCompensation, type CreateAction } from '../../src/domain/saga.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { breaches, type SettledOrder } from './clean-slate.ts';
import { ANSWER_LOOKUP, laterAnswers, reachWaiting } from './later-answers.ts';
import {
  PATIENCE,
  addFault,
  disturbances,
  faultsOf,
  lookupOf,
  openCase,
  prepare,
  removeFaults,
  settled,
  start,
  type Case,
  type Disturbance,
} from './matrix.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** One team of workers, and the orders that it brings to their end while something goes wrong at each of these actions. */
export interface Matrix {
  readonly name: string;
  /** Of its workers. */
  readonly settings: Record<string, string>;
  readonly workers: number;
  readonly isCaptured: boolean;
  readonly actions: readonly CreateAction[];
  /** With what each order is paid in order of use, if it is not one method. */
  readonly parts?: readonly PaymentPart[];
}

/** Payments are authorised, and captured before their orders are confirmed. */
const CAPTURE = { PAYMENT_CAPTURE: 'confirm' };

/** The steps whose services may answer later. */
const laterActions: readonly CreateAction[] = ['reserveInventory', 'chargePayment', 'authorizePayment'];

/** Everything that goes wrong at an action. */
const disturbancesOf = (action: CreateAction): Readonly<Record<string, Disturbance>> =>
  laterActions.includes(action) ? { ...disturbances, ...laterAnswers } : disturbances;

/** Every disturbance of each action of the matrix, all orders at once. */
export function describeDisturbances(matrix: Matrix): void {
  describe.each([matrix])('$name', ({ settings, workers, isCaptured, actions, parts }) => {
    let rig: SagaRig;
    let team: WorkerProcess[];
    const cases = new Map<string, Promise<SettledOrder>>();

    beforeAll(async () => {
      rig = await startRigWithoutWorker(isCaptured);
      team = await Promise.all(Array.from({ length: workers }, () => startWorkerProcess(rig, settings)));
      // All at once: they are orders like any others, and disturb each other no more than those would.
      for (const action of actions) for (const title of Object.keys(disturbancesOf(action))) begin(action, title);
    });

    // Replays the history of every order.
    afterAll(async () => {
      await Promise.all(team.map((worker) => worker.kill()));
      await rig.stop();
    });

    function begin(action: CreateAction, title: string): void {
      const run = openCase(rig, action, parts).then(async (order) => {
        const outcome = await disturbancesOf(action)[title]!(order);
        await eventually(async () => {
          const { status, sagaState, failure } = await rig.order(order.id);
          // Where it stands is told of an order that does not come to its end.
          const steps = status === outcome ? [] : await rig.ledgerRows(order.id);
          expect({ status, sagaState, failure, steps }).toMatchObject({ status: outcome });
        }, PATIENCE);
        return settled(order, outcome);
      });
      run.catch(() => {});
      cases.set(`${action} ${title}`, run);
    }

    describe.each(actions)('%s', (action) => {
      test.each(Object.keys(disturbancesOf(action)))('%s', { timeout: 2 * PATIENCE.timeoutMs }, async (title) => {
        const order = await cases.get(`${action} ${title}`)!;
        await eventually(async () => expect(await breaches(rig, order)).toEqual([]));
      });
    });
  });
}

/** The death of all workers in the middle of each action of the matrix, twice. */
export function describeDeaths(matrix: Matrix): void {
  describe.each([matrix])('$name, and workers killed', ({ settings, workers, isCaptured, actions, parts }) => {
    const laterOnes = laterActions.filter((action) => actions.includes(action));
    let rig: SagaRig;
    let team: WorkerProcess[] = [];
    const orders = new Map<string, SettledOrder>();

    beforeAll(async () => {
      rig = await startRigWithoutWorker(isCaptured);
      const cases = await Promise.all(actions.map((action) => openCase(rig, action, parts)));
      await replaceWorkers();
      await Promise.all(cases.map(prepare));

      // Two more wait for an answer when the workers die.
      const awaited = await Promise.all(laterOnes.map((action) => openCase(rig, action, parts)));
      await Promise.all(awaited.map((order) => reachWaiting(order, { mode: 'answer_later', delay_ms: 6_000 })));
      for (const order of awaited) orders.set(`waiting for ${order.action}`, settled(order, 'CONFIRMED'));

      // Every attempt has its effect and never brings an answer, so that each order is inside its action when the worker dies.
      const times = 1_000;
      for (const order of cases) {
        await addFault(order, order.action, { mode: 'timeout_after_effect', times });
        const lookup = lookupOf(order.action);
        await addFault(order, order.action, { mode: 'timeout_after_effect', times, operation: lookup });
      }
      const hits = async () => Promise.all(cases.map((order) => hitsOf(order, times)));
      const begun = Promise.all(cases.map((order) => start(order)));
      begun.catch(() => {});
      await eventually(async () => (await hits()).every((count) => count > 0), PATIENCE);
      await replaceWorkers();

      // The first try again, and an attempt beyond it.
      const before = await hits();
      await eventually(async () => (await hits()).every((count, index) => count >= before[index]! + 2), PATIENCE);
      await replaceWorkers();

      await Promise.all(cases.map((order) => removeFaults(order)));
      for (const order of cases) {
        orders.set(order.action, settled(order, isCompensation(order.action) ? 'CANCELLED' : 'CONFIRMED'));
      }
      for (const { cancelled } of await begun) if (cancelled) await cancelled;
      for (const order of orders.values()) await rig.reaches(order.id, order.outcome);
    });

    afterAll(async () => {
      await Promise.all(team.map((worker) => worker.kill()));
      await rig.stop();
    });

    async function replaceWorkers(): Promise<void> {
      await Promise.all(team.map((worker) => worker.kill()));
      team = await Promise.all(Array.from({ length: workers }, () => startWorkerProcess(rig, settings)));
    }

    test.each([...actions, ...laterOnes.map((action) => `waiting for ${action}`)])(
      'in the middle of %s, twice',
      async (title) => {
        await eventually(async () => expect(await breaches(rig, orders.get(title)!)).toEqual([]));
      },
    );
  });
}

/** How often an order's faults, each good for `times`, have been met. */
async function hitsOf({ rig, id }: Case, times: number): Promise<number> {
  return (await faultsOf(rig, id)).reduce((sum, { remaining }) => sum + times - (remaining ?? times), 0);
}

/** Workers are processes of their own here: they die as processes do, and several can share a task queue. */
async function startRigWithoutWorker(isCaptured: boolean): Promise<SagaRig> {
  const rig = await startSagaRig({ ROLE: 'api', REVIEW_URL: 'sandbox', ...(isCaptured && CAPTURE), ...ANSWER_LOOKUP });
  await rig.stopWorker();
  return rig;
}
