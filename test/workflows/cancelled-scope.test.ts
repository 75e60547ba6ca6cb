import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWorkflowCode, workflowCode } from '../../src/temporal/workflow-code.ts';
import { orderStartOptions } from '../../src/temporal/start-options.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

type History = Parameters<typeof Worker.runReplayHistory>[1];

let rig: SagaRig;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-scope-'));
  const workflowsPath = join(import.meta.dirname, 'cancelled-scope-workflow.ts');
  const { code } = await bundleWorkflowCode({ ...workflowCode, workflowsPath, logger: new DefaultLogger('ERROR') });
  const file = join(folder, 'bundle.js');
  await writeFile(file, code);
  rig = await startSagaRig({ WORKFLOW_BUNDLE: file });
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

test('compensations run to their end in a scope that is cancelled', async () => {
  const order = await rig.accept();
  const items = [{ sku: 'TEAPOT', quantity: 2 }];
  await rig.sandbox.call('POST', '/reservations', { order_id: order.id, items, expires_in_seconds: 60 });
  const options = orderStartOptions(order, rig.config);
  const run = await rig.temporal.client.workflow.start('compensateCancelled', {
    ...options,
    workflowId: `scope-${order.id}`,
  });

  expect(await run.result()).toBe('compensated');
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 100, reserved: 0 });
});

test('an attempt on the fast path whose scope is cancelled ends and is in the history before the cancellation is told of, and replays', async () => {
  const order = await acceptReservedSlowly();
  const workflowId = `tried-${order.id}`;
  const options = { ...orderStartOptions(order, rig.config), workflowId };
  const run = await rig.temporal.client.workflow.start('tryInCancelled', options);
  const [during, after, never] = await run.result();
  expect([during, after]).toEqual(['cancelled', 'cancelled']);
  const reservation = (id: string) => rig.sandbox.call('GET', `/reservations/${id}`);
  expect((await reservation(order.id)).body).toMatchObject({ status: 'HELD' });
  expect((await reservation(never)).status).toBe(404);
  const history = await run.fetchHistory();
  const markers = history.events?.filter(({ markerRecordedEventAttributes: marker }) => marker != null);
  expect(markers).toHaveLength(1);
  expect(await replay(workflowId, history)).toBe('replayed');
});

test('two attempts on the fast path that are begun at once replay, whichever ends first', async () => {
  const order = await acceptReservedSlowly();
  const workflowId = `at-once-${order.id}`;
  const options = { ...orderStartOptions(order, rig.config), workflowId };
  const run = await rig.temporal.client.workflow.start('tryTwoAtOnce', options);
  await run.result();
  expect(await replay(workflowId, await run.fetchHistory())).toBe('replayed');
});

/** Accepts an order whose goods take a while to reserve. */
async function acceptReservedSlowly() {
  const order = await rig.accept();
  const match = { order_id: order.id };
  await rig.fault({ service: 'inventory', operation: 'reserve', mode: 'slow', delay_ms: 600, match });
  return order;
}

async function replay(workflowId: string, history: History): Promise<string> {
  const code = await findWorkflowCode(rig.config.worker.workflowBundle, rig.temporal);
  const replayed = Worker.runReplayHistory({ ...code, replayName: workflowId }, history, workflowId);
  return replayed.then(() => 'replayed', String);
}
