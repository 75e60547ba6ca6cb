import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { freePort } from '../../dev/local/free-port.ts';
import { startTemporalServer, type TemporalServer } from '../../dev/local/temporal-server.ts';
import { CREATE_ORDER } from '../../src/domain/messages.ts';
import { orderStartOptions } from '../../src/temporal/start-options.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { createTestNamespace } from '../setup/temporal.ts';

let server: TemporalServer;
let rig: SagaRig;

beforeAll(async () => {
  server = await startTemporalServer({
    cli: inject('temporalCli'),
    port: await freePort(),
    dynamicConfig: {
      'matching.useNewMatcher': true,
      'matching.enableFairness': true,
      // Each partition of a queue is fair for itself.
      'matching.numTaskqueueReadPartitions': 1,
      'matching.numTaskqueueWritePartitions': 1,
    },
    log: () => undefined,
  });
  // Two tasks at a time, the fewest that a worker takes: who waits longest is seen.
  const settings = { WORKER_MAX_WORKFLOW_TASKS: '2', ORDER_PRIORITIES: 'true', ORDER_FAIRNESS: 'customer' };
  rig = await startSagaRig(settings, () => createTestNamespace(server.address));
  await rig.product('TEAPOT', 10_000);
});
afterAll(async () => {
  await rig.stop();
  await server.stop();
});

/** Starts orders while no worker runs, one after the other; answers their ids. */
async function startAll(count: number, more: { customerId?: string; batchId?: string }): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const order = await rig.accept(more.customerId === undefined ? {} : { customerId: more.customerId });
    // Past the start limiter, which lets no more come than can run.
    const options = orderStartOptions({ ...order, batchId: more.batchId ?? null }, rig.config);
    await rig.temporal.client.workflow.start(CREATE_ORDER, options);
    ids.push(order.id);
  }
  return ids;
}

/** How many of `others` were confirmed before the last of `ids`. */
async function countBefore(ids: readonly string[], others: readonly string[]): Promise<number> {
  const rows = await rig.db
    .selectFrom('orders')
    .select(['id', 'confirmed_at'])
    .where('id', 'in', [...ids, ...others])
    .execute();
  const at = new Map(rows.map(({ id, confirmed_at: confirmed }) => [id, Number(confirmed)]));
  const last = Math.max(...ids.map((id) => at.get(id) ?? Number.NaN));
  return others.filter((id) => (at.get(id) ?? Number.NaN) < last).length;
}

async function runAll(ids: readonly string[]): Promise<void> {
  await rig.startWorker();
  for (const id of ids) await rig.reaches(id, 'CONFIRMED');
  await rig.stopWorker();
}

test('orders that were placed one by one go before those of an import that wait already', async () => {
  await rig.stopWorker();
  const ofImport = await startAll(30, { batchId: uuidv7() });
  const alone = await startAll(3, {});
  await runAll([...ofImport, ...alone]);
  expect(await countBefore(alone, ofImport)).toBeLessThan(10);
});

test('the order of a customer does not wait for all that another customer has placed before', async () => {
  const many = await startAll(30, { customerId: 'alice' });
  const [one = ''] = await startAll(1, { customerId: 'bob' });
  await runAll([...many, one]);
  expect(await countBefore([one], many)).toBeLessThan(15);
});
