import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

const deployment = `order-saga-${process.pid}`;
const script = join(import.meta.dirname, '../../deploy/ramp-workers.sh');

/** What Temporal keeps is encrypted, as where personal data is. */
const PAYLOAD_KEYS = `2026a=${randomBytes(32).toString('base64')}`;

let rig: SagaRig;
let folder: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-builds-'));
  rig = await startSagaRig({ WORKER_DEPLOYMENT: deployment, WORKER_BUILD_ID: '1.0.0', PAYLOAD_KEYS });
  await rig.product('TEAPOT', 100);
  await eventually(() => ramp('1.0.0', ['100']));
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Ramps to a build as an operator does, without pauses; `check` is what has to succeed after each step. */
function ramp(build: string, percents: string[], check = 'true') {
  const { address, namespace } = rig.temporal;
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TEMPORAL_CLI: inject('temporalCli'),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    WORKER_DEPLOYMENT: deployment,
    RAMP_PAUSE: '0',
    RAMP_CHECK: check,
  };
  return promisify(execFile)('/bin/sh', [script, build, ...percents], { env });
}

async function runBuild(buildId: string, workflowBundle?: string): Promise<void> {
  stops.push(await rig.runOtherWorker({ buildId, ...(workflowBundle !== undefined && { workflowBundle }) }));
}

async function buildOf(orderId: string): Promise<string | null | undefined> {
  const { raw } = await rig.handle(orderId).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
}

/** Workflow code whose first step has another name: what ran under today's code can't go on with it. */
async function breakCode(): Promise<string> {
  const code = await readFile(inject('workflowBundle'), 'utf8');
  expect(code).toContain('reserveInventory');
  const file = join(folder, 'broken-bundle.js');
  await writeFile(file, code.replaceAll('reserveInventory', 'reserveGoods'));
  return file;
}

/** What `orders replay-histories` says of the orders under way, and its exit code. */
async function replay(bundle: string): Promise<{ code: number; replayed: number; failed: string[] }> {
  const { address, namespace, taskQueue } = rig.temporal;
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TASK_QUEUE: taskQueue,
    PAYLOAD_KEYS,
  };
  const args = ['src/cli/orders/main.ts', '--json', 'replay-histories', '--bundle', bundle];
  const ended = promisify(execFile)(process.execPath, args, { env, cwd: join(import.meta.dirname, '../..') });
  const { code, stdout } = await ended.then(
    (done) => ({ code: 0, stdout: done.stdout }),
    (error: { code: number; stdout: string }) => error,
  );
  const { replayed, failed } = reportSchema.parse(JSON.parse(stdout));
  return { code, replayed, failed: failed.map(({ workflowId }) => workflowId).toSorted() };
}

const reportSchema = z.object({ replayed: z.number(), failed: z.array(z.object({ workflowId: z.string() })) });

test('orders in flight move to the next build as it ramps up, and back from one whose code does not go on with them', async () => {
  const early = await rig.place();
  await rig.reaches(early, 'CONFIRMED');
  await rig.rests(early);
  expect(await buildOf(early)).toBe('1.0.0');

  await runBuild('2.0.0');
  const { stdout } = await eventually(() => ramp('2.0.0', ['5', '50']));
  expect(stdout).toContain('build 2.0.0 is current');
  const late = await rig.place();
  await rig.reaches(late, 'CONFIRMED');
  await rig.rests(late);
  expect(await buildOf(late)).toBe('2.0.0');
  await rig.command(early, 'changeStatus', { status: 'SHIPPED' });
  await rig.rests(early);
  expect(await buildOf(early)).toBe('2.0.0');

  // What a release would be held against before it begins.
  const broken = await breakCode();
  const ids = [early, late].map((id) => `order-${id}`).toSorted();
  await eventually(async () => {
    expect(await replay(broken)).toEqual({ code: 1, replayed: 2, failed: ids });
  });
  expect(await replay(inject('workflowBundle'))).toEqual({ code: 0, replayed: 2, failed: [] });

  // Released all the same.
  await runBuild('3.0.0', broken);
  const seen = join(folder, 'seen');
  const isLookedAt = `until [ -e '${seen}' ]; do sleep 0.1; done; false`;
  const ramping = eventually(() => rampsOrIsUnknown('3.0.0', isLookedAt));
  await eventually(async () => expect(await rampingBuild()).toBe('3.0.0'));
  const delivering = rig.command(early, 'changeStatus', { status: 'DELIVERED' });
  await eventually(async () => {
    const { raw } = await rig.handle(early).describe();
    expect(raw.pendingWorkflowTask?.attempt ?? 0).toBeGreaterThan(1);
  });
  await writeFile(seen, '');
  expect(await ramping).toMatch(/build 3\.0\.0 does badly/);
  await delivering;
  await rig.reaches(early, 'DELIVERED');
  await rig.command(late, 'cancelOrder', {});
  await rig.reaches(late, 'CANCELLED');
  await rig.rests(early);
  expect([await buildOf(early), await buildOf(late)]).toEqual(['2.0.0', '2.0.0']);
});

/** Ramps to a build that does badly; answers what the script said. Rejects while Temporal does not know of the build yet. */
async function rampsOrIsUnknown(build: string, check: string): Promise<string> {
  return await ramp(build, ['100'], check).then(
    () => 'the build was made current',
    (error: { stderr: string }) => {
      if (error.stderr.includes('does badly')) return error.stderr;
      throw error;
    },
  );
}

async function rampingBuild(): Promise<string | null | undefined> {
  const { connection, namespace } = rig.temporal;
  const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
    namespace,
    deploymentName: deployment,
  });
  return workerDeploymentInfo?.routingConfig?.rampingDeploymentVersion?.buildId;
}
