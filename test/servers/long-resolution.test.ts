import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import { RESOLVE_SAGAS, resolutionWorkflowId, type SagaResolution } from '../../src/domain/saga-resolution.ts';
import { previewResolution, resolveSagas } from '../../src/orders/resolve-sagas.ts';
import { countDecisions, findResolution, listDecisions } from '../../src/repositories/saga-resolutions.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { startWorkerProcess } from '../saga/worker-process.ts';

const settings = { STEP_PATIENCE: '1s' };
const olga: Caller = { subject: 'olga', roles: ['operator'], expiresAtMs: 0, actor: 'operator:olga' };

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig(settings);
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

/** Orders whose charge is parked, the first one first. */
async function park(count: number): Promise<string[]> {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await rig.place());
  for (const id of ids) {
    await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
    await rig.rests(id);
  }
  await rig.noFaults();
  return ids;
}

/** Has whoever decides on this step of the resolution wait until the returned function is called. */
async function holdStep({ id }: SagaResolution, position: number): Promise<() => Promise<void>> {
  const transaction = await rig.db.startTransaction().execute();
  await transaction
    .selectFrom('saga_resolution_orders')
    .select('position')
    .where('resolution_id', '=', id)
    .where('position', '=', position)
    .forUpdate()
    .execute();
  return () => transaction.rollback().execute();
}

/** Starts the resolution with runs of two pages, each of one step. */
async function startInShortRuns({ id }: SagaResolution): Promise<void> {
  await rig.temporal.client.workflow.start(RESOLVE_SAGAS, {
    workflowId: resolutionWorkflowId(id),
    taskQueue: rig.temporal.taskQueue,
    args: [{ resolutionId: id, stepsPerPage: 1, pagesPerRun: 2 }],
  });
}

async function countRuns(id: string): Promise<number> {
  let runs = 0;
  const query = `WorkflowId = '${resolutionWorkflowId(id)}'`;
  for await (const _ of rig.temporal.client.workflow.list({ query })) runs += 1;
  return runs;
}

test('a resolution goes on over many runs and the death of its worker, decides on each step once and reports them all', async () => {
  const ids = await park(8);
  await rig.stopWorker();
  const worker = await startWorkerProcess(rig, settings);
  const request = { filter: { step: 'chargePayment' }, action: 'retry', reason: 'the bank is back' } as const;
  let letGo: (() => Promise<void>) | undefined;
  const startResolution = async (resolution: SagaResolution) => {
    letGo = await holdStep(resolution, 5);
    await startInShortRuns(resolution);
  };
  const { logger } = rig.dependencies;
  const { id } = await resolveSagas({ db: rig.db, logger, startResolution }, olga, request, undefined);

  // Two runs are over, and the second page of the third is under way: what the report and another dry run say does not stand in any of them.
  await eventually(async () => expect((await countDecisions(rig.db, id)).DECIDED).toBe(5));
  await eventually(async () => {
    const { groups } = await previewResolution(rig.db, request);
    expect(groups).toMatchObject([{ step: 'chargePayment', orders: 3 }]);
  });
  await worker.kill();
  expect(await countDecisions(rig.db, id)).toEqual({ WAITING: 3, DECIDED: 5, UNCHANGED: 0, FAILED: 0 });
  await letGo?.();
  await rig.startWorker();

  await eventually(async () => expect((await findResolution(rig.db, id))?.completedAt).toBeTruthy());
  expect(await countDecisions(rig.db, id)).toEqual({ WAITING: 0, DECIDED: 8, UNCHANGED: 0, FAILED: 0 });
  const report = await listDecisions(rig.db, id, { from: 0, limit: 100 });
  expect(report.map(({ orderId }) => orderId).toSorted()).toEqual(ids.toSorted());
  const result = await rig.temporal.client.workflow.getHandle(resolutionWorkflowId(id)).result();
  expect(result).toEqual({ WAITING: 0, DECIDED: 8, UNCHANGED: 0, FAILED: 0 });
  await eventually(async () => expect(await countRuns(id)).toBe(4));
  for (const orderId of ids) {
    const decisions = (await rig.historyRows(orderId)).filter(({ actor }) => actor === olga.actor);
    expect(decisions).toMatchObject([{ change: 'RETRIED', reason: 'the bank is back' }]);
  }
});
