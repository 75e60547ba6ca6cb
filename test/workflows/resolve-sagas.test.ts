import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { resolutionWorkflowId } from '../../src/domain/saga-resolution.ts';
import { decideParkedSteps } from '../../src/orders/decide-parked-steps.ts';
import { previewResolution, resolveSagas, type ResolutionRequest } from '../../src/orders/resolve-sagas.ts';
import { countDecisions, findResolution, listDecisions } from '../../src/repositories/saga-resolutions.ts';
import { createResolutionStart, relayResolutions } from '../../src/temporal/resolution-client.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;
const olga: Caller = { subject: 'olga', roles: ['operator'], expiresAtMs: 0, actor: 'operator:olga' };

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '1s' });
});

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 1_000);
});

afterAll(async () => {
  await rig.stop();
});

function dependencies(startResolution?: () => Promise<void>) {
  const { db, temporal, config } = rig;
  const connector = { current: () => temporal, ready: Promise.resolve(temporal), close: () => Promise.resolve() };
  const { logger } = rig.dependencies;
  return { db, logger, startResolution: startResolution ?? createResolutionStart(connector, db, config) };
}

/** Orders whose charge is parked. */
async function park(count: number): Promise<string[]> {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const ids = await Promise.all(Array.from({ length: count }, () => rig.place()));
  for (const id of ids) {
    await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
    await rig.rests(id);
  }
  await rig.noFaults();
  return ids;
}

async function completed(id: string) {
  await eventually(async () => expect((await findResolution(rig.db, id))?.completedAt).not.toBeNull());
  const orders = await listDecisions(rig.db, id, { from: 0, limit: 1_000 });
  return { counts: await countDecisions(rig.db, id), orders };
}

const retryCharges: ResolutionRequest = {
  filter: { step: 'chargePayment' },
  action: 'retry',
  reason: 'the bank is back',
};

test('one decision goes to every parked order that the filter finds, once, in the name of who made it', async () => {
  const ids = await park(3);
  const preview = await previewResolution(rig.db, retryCharges);
  expect(preview.groups).toEqual([{ step: 'chargePayment', currency: 'EUR', orders: 3, totalMinor: 7_500 }]);
  expect(preview.steps.map(({ orderId }) => orderId).toSorted()).toEqual(ids.toSorted());
  await expect(previewResolution(rig.db, { filter: { error: 'unreachable' } })).resolves.toMatchObject({
    steps: { length: 3 },
  });
  for (const filter of [
    { step: 'reserveInventory' },
    { error: 'no such text' },
    { before: '2020-01-01T00:00:00Z' },
  ] as const) {
    await expect(previewResolution(rig.db, { filter })).resolves.toEqual({ groups: [], steps: [] });
  }

  const made = await resolveSagas(dependencies(), olga, retryCharges, 'key-1');
  const repeated = await resolveSagas(dependencies(), olga, retryCharges, 'key-1');
  expect(repeated.id).toBe(made.id);
  await expect(resolveSagas(dependencies(), olga, { ...retryCharges, action: 'skip' }, 'key-1')).rejects.toThrow(
    Refusal,
  );

  const { counts, orders } = await completed(made.id);
  expect(counts).toEqual({ WAITING: 0, DECIDED: 3, UNCHANGED: 0, FAILED: 0 });
  expect(orders.map(({ orderId }) => orderId).toSorted()).toEqual(ids.toSorted());
  for (const id of ids) {
    await rig.reaches(id, 'CONFIRMED');
    const decisions = (await rig.historyRows(id)).filter(({ actor }) => actor === 'operator:olga');
    expect(decisions).toMatchObject([{ change: 'RETRIED', reason: 'the bank is back' }]);
  }
});

test('an order that has left its parked state meanwhile, or was parked again, is not touched', async () => {
  const [decided = '', again = '', still = ''] = await park(3);
  // Registered, and started by the relay only once two of them have been decided on.
  const made = await resolveSagas(
    dependencies(() => Promise.reject(new Error('away'))),
    olga,
    { ...retryCharges, action: 'skip' },
    undefined,
  );
  await rig.command(decided, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  await rig.reaches(decided, 'CONFIRMED');
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  await rig.command(again, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  await eventually(async () => {
    const parkings = (await rig.historyRows(again)).filter(({ change }) => change === 'PARKED');
    expect(parkings).toHaveLength(2);
  });
  await rig.rests(again);
  await rig.noFaults();

  await eventually(async () => {
    const { db, temporal, config } = rig;
    await relayResolutions({ db, temporal, config, logger: rig.dependencies.logger });
    expect((await findResolution(db, made.id))?.completedAt).not.toBeNull();
  });
  const { counts, orders } = await completed(made.id);
  expect(counts).toEqual({ WAITING: 0, DECIDED: 1, UNCHANGED: 2, FAILED: 0 });
  expect(orders.find(({ orderId }) => orderId === still)).toMatchObject({ state: 'DECIDED' });
  await rig.reaches(still, 'CANCELLED');
  expect(await rig.order(decided)).toMatchObject({ status: 'CONFIRMED' });
  expect(await rig.order(again)).toMatchObject({ status: 'PENDING', sagaState: 'NEEDS_ATTENTION' });
  await rig.command(again, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  await rig.reaches(again, 'CONFIRMED');
});

test('a resolution whose worker dies in the middle decides on each order once', async () => {
  const ids = await park(12);
  const made = await resolveSagas(dependencies(), olga, retryCharges, undefined);
  await eventually(async () => expect((await countDecisions(rig.db, made.id)).WAITING).toBeLessThan(13));
  await rig.stopWorker();
  await rig.startWorker();
  const { counts } = await completed(made.id);
  expect(counts).toEqual({ WAITING: 0, DECIDED: 12, UNCHANGED: 0, FAILED: 0 });
  for (const id of ids) {
    const changes = () => rig.historyRows(id).then((rows) => rows.map(({ change }) => change));
    const isParkedAgain = async () => (await changes()).filter((change) => change === 'PARKED').length === 2;
    // Its step may have run out of patience while no worker was there.
    await eventually(async () => (await rig.order(id)).status === 'CONFIRMED' || isParkedAgain());
    expect((await changes()).filter((change) => change === 'RETRIED')).toHaveLength(1);
    if (await isParkedAgain()) await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
    await rig.reaches(id, 'CONFIRMED');
  }
});

test('a resolution whose workflow is terminated is ended by the reconciler, and leaves the rest as it is', async () => {
  const [id = ''] = await park(1);
  await rig.stopWorker();
  const made = await resolveSagas(dependencies(), olga, retryCharges, undefined);
  const handle = rig.temporal.client.workflow.getHandle(resolutionWorkflowId(made.id));
  await eventually(() => handle.terminate('an accident').then(() => true));
  await rig.startWorker();
  await eventually(async () => {
    await rig.reconcile({ everything: false });
    expect((await findResolution(rig.db, made.id))?.completedAt).not.toBeNull();
  });
  const { counts, orders } = await completed(made.id);
  expect(counts).toMatchObject({ WAITING: 0, UNCHANGED: 1 });
  expect(orders).toMatchObject([{ detail: 'the workflow of the resolution was ended by force' }]);
  await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  await rig.reaches(id, 'CONFIRMED');
});

test('a resolution that is cancelled leaves the rest as it is', async () => {
  await rig.stopWorker();
  await rig.startWorker();
  const [id = ''] = await park(1);
  await rig.stopWorker();
  const made = await resolveSagas(dependencies(), olga, retryCharges, undefined);
  const handle = rig.temporal.client.workflow.getHandle(resolutionWorkflowId(made.id));
  await eventually(() => handle.cancel().then(() => true));
  await rig.startWorker();
  const { counts } = await completed(made.id);
  expect(counts).toMatchObject({ WAITING: 0, UNCHANGED: 1 });
  expect(await rig.order(id)).toMatchObject({ sagaState: 'NEEDS_ATTENTION' });
  await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  await rig.reaches(id, 'CONFIRMED');
});

test('how far a resolution has come is written while others of its decisions are still under way', async () => {
  const [id] = await park(2);
  const made = await resolveSagas(
    dependencies(() => Promise.resolve()),
    olga,
    { ...retryCharges, filter: { before: new Date().toISOString() } },
    undefined,
  );
  const send = async (orderId: string) => {
    if (orderId === id) return;
    await eventually(async () => expect((await countDecisions(rig.db, made.id)).DECIDED).toBeGreaterThan(0));
  };
  const commands = { send } as unknown as Parameters<typeof decideParkedSteps>[0]['commands'];
  await decideParkedSteps({ db: rig.db, commands }, made, 100);
  expect(await countDecisions(rig.db, made.id)).toMatchObject({ WAITING: 0, FAILED: 0 });
});
