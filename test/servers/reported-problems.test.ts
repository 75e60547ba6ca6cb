import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProductionServer, type ProductionServer } from '../../bench/production-server.ts';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { listWaitingOrders } from '../../src/repositories/waiting-orders.ts';
import { findFailingOrders } from '../../src/temporal/reconciler/find-failing-orders.ts';
import { findStalls } from '../../src/temporal/stalls/watch-stalls.ts';
import { eventually } from '../setup/eventually.ts';
import { json, rawMessages } from '../setup/raw-messages.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { readWorkflowCodes } from '../setup/workflow-codes.ts';
import { createTestNamespace } from '../setup/temporal.ts';
import { BUILD_LIMIT_MS } from './setup/find-program.ts';

let server: ProductionServer;
let rig: SagaRig;
let folder: string;
let file: string;
const { goodCode, brokenCode } = readWorkflowCodes();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-problems-'));
  file = join(folder, 'bundle.js');
  await writeFile(file, goodCode);
  server = await startProductionServer(() => undefined);
  rig = await startSagaRig({ WORKFLOW_BUNDLE: file }, () => createTestNamespace(server.address));
  await rig.product('TEAPOT', 100);
}, 2 * BUILD_LIMIT_MS);
afterAll(async () => {
  await rig.stop();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function deploy(code: string) {
  await rig.stopWorker();
  await writeFile(file, code);
  await rig.startWorker();
}

test('a Temporal that reports problems of workflows has a confirmed order found whose tasks fail, though nobody asked it for anything', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  await deploy(brokenCode);
  await rawMessages(rig.temporal, orderWorkflowId(id)).signal('cancelOrder', json('nonsense'));
  await eventually(async () => expect(await findFailingOrders(rig.temporal)).toEqual([id]), { timeoutMs: 120_000 });
  await findStalls({ db: rig.db, temporal: rig.temporal, logger: rig.dependencies.logger });
  const listed = () => listWaitingOrders(rig.db, { stuckOnly: true, stuckAfterMs: 60_000, limit: 50 });
  expect((await listed()).orders).toMatchObject([{ orderId: id, cause: 'TASK_FAILING', lastError: 'a bad deploy' }]);

  await deploy(goodCode);
  await eventually(
    async () => {
      await findStalls({ db: rig.db, temporal: rig.temporal, logger: rig.dependencies.logger });
      expect((await listed()).orders).toEqual([]);
      expect(await findFailingOrders(rig.temporal)).toEqual([]);
    },
    { timeoutMs: 120_000 },
  );
});
