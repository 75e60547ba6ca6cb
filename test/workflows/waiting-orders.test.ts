import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { orderWorkflowId } from '../../src/domain/order.ts';
import {
  countWaitingOrders as count,
  listWaitingOrders,
  type WaitingOrder,
} from '../../src/repositories/waiting-orders.ts';
import { listOrders } from '../../src/repositories/list-orders.ts';
import { findStalls } from '../../src/temporal/stalls/watch-stalls.ts';
import { eventually } from '../setup/eventually.ts';
import { json, rawMessages } from '../setup/raw-messages.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { readWorkflowCodes } from '../setup/workflow-codes.ts';

let rig: SagaRig;
let folder: string;
let file: string;
const { goodCode, brokenCode } = readWorkflowCodes();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-saga-waiting-'));
  file = join(folder, 'bundle.js');
  await writeFile(file, goodCode);
  rig = await startSagaRig({ WORKFLOW_BUNDLE: file, STEP_PATIENCE: '60s' });
});

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

async function deploy(code: string) {
  await rig.stopWorker();
  await writeFile(file, code);
  await rig.startWorker();
}

const countWaitingOrders = (stuckAfterMs: number) => count(rig.db, stuckAfterMs, 1_000);

/** What the order waits for, as an operator sees it after a look at Temporal; fails after ten seconds. */
async function found(id: string, expected: Partial<WaitingOrder>): Promise<WaitingOrder> {
  return eventually(
    async () => {
      await findStalls({ db: rig.db, temporal: rig.temporal, logger: rig.dependencies.logger });
      const { orders } = await listWaitingOrders(rig.db, { stuckOnly: false, stuckAfterMs: 60_000, limit: 50 });
      const order = orders.find(({ orderId }) => orderId === id);
      expect(order).toMatchObject(expected);
      return order!;
    },
    { timeoutMs: 20_000 },
  );
}

async function isGone(id: string) {
  await eventually(async () => {
    await findStalls({ db: rig.db, temporal: rig.temporal, logger: rig.dependencies.logger });
    const { orders } = await listWaitingOrders(rig.db, { stuckOnly: false, stuckAfterMs: 0, limit: 50 });
    expect(orders.map(({ orderId }) => orderId)).not.toContain(id);
  });
}

test.each([
  ['is down', 'payment', 'chargePayment', { operation: '*', mode: 'down' }],
  ['hangs', 'inventory', 'reserveInventory', { operation: 'reserve', mode: 'slow', delay_ms: 30_000 }],
] as const)(
  'an order whose service %s is found with its step, and is not once it goes on',
  async (_, service, step, fault) => {
    await rig.fault({ service, ...fault });
    const before = new Date();
    const id = await rig.place();
    const { since, attempts, lastError } = await found(id, { cause: 'RETRYING', step, isStuck: false });
    expect(since.getTime()).toBeGreaterThan(before.getTime() - 1_000);
    expect(attempts).toBeGreaterThan(0);
    expect(lastError).toMatch(/UNREACHABLE|OUTCOME_UNKNOWN/);
    expect(await countWaitingOrders(60_000)).toMatchObject({ retrying: 1 });
    await expect(listed({ step })).resolves.toEqual([id]);
    await expect(listed({ step, waitingSince: before })).resolves.toEqual([]);
    await expect(listed({ waitingSince: new Date() })).resolves.toEqual([id]);

    await rig.noFaults();
    await rig.reaches(id, 'CONFIRMED');
    await isGone(id);
  },
);

function listed(filter: { step?: 'chargePayment' | 'reserveInventory'; waitingSince?: Date }) {
  return listOrders(rig.db, { ...filter, oldestFirst: false, limit: 10 }).then(({ orders }) =>
    orders.map(({ id }) => id),
  );
}

test('an order whose activity is paused is found with who paused it and why', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  const { client } = rig.temporal;
  await eventually(async () => {
    const { raw } = await rig.handle(id).describe();
    expect(raw.pendingActivities).toHaveLength(1);
  });
  const of = {
    namespace: client.options.namespace,
    execution: { workflowId: orderWorkflowId(id) },
    type: 'chargePayment',
    identity: 'operator:ann',
    reason: 'the bank is looking',
  };
  await client.workflowService.pauseActivity(of);

  const { lastError } = await found(id, { cause: 'PAUSED', step: 'chargePayment', isStuck: true });
  expect(lastError).toContain('paused by operator:ann: the bank is looking');
  await expect(listed({ step: 'chargePayment' })).resolves.toEqual([id]);

  await rig.noFaults();
  await client.workflowService.unpauseActivity({ ...of, resetAttempts: true });
  await rig.reaches(id, 'CONFIRMED');
  await isGone(id);
});

test('an order whose workflow task fails is found with what fails, whether it is new or has been confirmed', async () => {
  const confirmed = await rig.place();
  await rig.reaches(confirmed, 'CONFIRMED');
  await rig.rests(confirmed);
  await deploy(brokenCode);
  try {
    const id = await rig.place();
    await found(id, { cause: 'TASK_FAILING', step: null, isStuck: true, lastError: 'a bad deploy' });
    // What the API does with a command that the workflow did not take.
    await rig.db
      .insertInto('audit_log')
      .values({
        subject: 'sam',
        roles: ['support'],
        operation: 'changeStatus',
        path: '',
        request_id: 'r',
        order_id: confirmed,
        status: 503,
      })
      .execute();
    await rawMessages(rig.temporal, orderWorkflowId(confirmed)).signal('cancelOrder', json('nonsense'));
    await found(confirmed, { cause: 'TASK_FAILING', lastError: 'a bad deploy' });
    expect(await countWaitingOrders(60_000)).toMatchObject({ stuck: 2 });
    await deploy(goodCode);
    await rig.reaches(id, 'CONFIRMED');
    await isGone(id);
    await isGone(confirmed);
  } finally {
    await deploy(goodCode);
  }
});

test('an order that no worker takes is found, and one whose workflow has not been started', async () => {
  await rig.stopWorker();
  try {
    const id = await rig.place();
    const accepted = await rig.accept();
    await found(id, { cause: 'NO_WORKER', step: null });
    await found(accepted.id, { cause: 'NOT_STARTED', step: null });
    expect(await countWaitingOrders(60_000)).toMatchObject({ notStarted: 1, stuck: 0 });
    expect(await countWaitingOrders(1_000)).toMatchObject({ stuck: 2 });
    await rig.db.updateTable('orders').set({ status: 'CANCELLED' }).where('id', '=', accepted.id).execute();
    await rig.startWorker();
    await rig.reaches(id, 'CONFIRMED');
    await isGone(id);
  } finally {
    await rig.stopWorker();
    await rig.startWorker();
  }
});

test('a step that is cut off by a cancellation is not waited for while its compensation is', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  await found(id, { cause: 'RETRYING', step: 'chargePayment' });
  const cancelled = rig.command(id, 'cancelOrder', {});
  await found(id, { cause: 'RETRYING', step: 'refundPaymentIfCharged' });
  await expect(listed({ step: 'chargePayment' })).resolves.toEqual([]);
  await rig.noFaults();
  await cancelled;
  await rig.reaches(id, 'CANCELLED');
  await isGone(id);
});
