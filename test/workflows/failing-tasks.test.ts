import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { expect, inject, test, type TestContext } from 'vitest';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { countFailedAttempts } from '../../src/temporal/failing-tasks.ts';
import { ensureReconcileSchedule } from '../../src/temporal/reconciler/schedule.ts';
import { watchReconciler } from '../../src/temporal/reconciler/watch-reconciler.ts';
import { eventually } from '../setup/eventually.ts';
import { json, rawMessages, type RawPayload } from '../setup/raw-messages.ts';
import { startSagaRig } from '../setup/saga-rig.ts';

const goodCode = readFileSync(inject('workflowBundle'), 'utf8');

/** What keeps a processor busy is done by one test after the other, lest a task that is to fail runs out of its time instead. */
const oneAtATime = pLimit(1);

/** A system whose workflow code can be replaced: each test breaks its own, so that all can wait at the same time. */
async function startDeployable({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-deploy-'));
  const file = join(folder, 'bundle.js');
  await writeFile(file, goodCode);
  const rig = await startSagaRig({ WORKFLOW_BUNDLE: file, RECONCILE_INTERVAL: '1s' });
  await rig.product('TEAPOT', 100);
  /** Replaces the worker by one with this code. */
  const deploy = async (code: string) => {
    await rig.stopWorker();
    await writeFile(file, code);
    await rig.startWorker();
  };
  /** Looks at everything; orders count as settled at once. */
  const pass = async () => {
    await rig.db
      .updateTable('orders')
      .set({ created_at: new Date(Date.now() - 60_000) })
      .execute();
    return rig.reconcile({ everything: true });
  };
  const failsTasks = async (workflowId: string) => {
    await eventually(async () => {
      expect(countFailedAttempts(await rig.temporal.client.workflow.getHandle(workflowId).describe())).toBeDefined();
    });
  };
  onTestFinished(async () => {
    await deploy(goodCode);
    await rig.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { rig, deploy, pass, failsTasks };
}

/** The workflows' code with a defect. */
function broken(part: RegExp, instead: string): string {
  const code = goodCode.replace(part, (found) => instead.replace('FOUND', found));
  if (code === goodCode) throw new Error(`the bundle has no ${part}`);
  return code;
}

const everyWorkflow = /async function (createOrder|reconcileOrders)\([^)]*\) \{/g;

const good = json({ status: 'PROCESSING', reason: 'picked' });

test.concurrent.for<readonly [how: string, code: string, why: string, message: RawPayload]>([
  ['throws', broken(everyWorkflow, "FOUND throw new TypeError('a bad deploy');"), 'a bad deploy', good],
  [
    'does something else than before',
    broken(/name: 'tryAllSteps',\s*input/, "name: 'notifyCustomer', input"),
    'ondeterminism',
    good,
  ],
  [
    'can not decode a message',
    broken(/return new [^;]*UndecodablePayload\('can not be decoded[^;]*;/, "throw new TypeError('Unknown encoding');"),
    'Unknown encoding',
    { ...good, encoding: 'json/protobuf' },
  ],
])(
  'an order whose workflow code %s is found, says why, and is itself again once the code is mended',
  async ([, code, why, message], context) => {
    const { rig, deploy, pass, failsTasks } = await oneAtATime(() => startDeployable(context));
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    const workflow = rawMessages(rig.temporal, orderWorkflowId(id));
    await oneAtATime(async () => {
      await deploy(code);
      await workflow.signal('changeStatus', message);
      await eventually(async () => expect(await workflow.taskFailures()).not.toEqual([]));
    });
    await failsTasks(orderWorkflowId(id));

    const report = await pass();
    expect(report.orders).toMatchObject([
      { order_id: id, outcome: 'needs attention', what: expect.stringContaining(why) },
    ]);
    expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED', sagaState: 'NEEDS_ATTENTION' });
    const history = await rig.historyRows(id);
    expect(history.at(-1)).toMatchObject({ actor: 'system:reconciler', reason: expect.stringContaining(why) });
    await pass();
    expect(await rig.historyRows(id)).toEqual(history);

    await deploy(goodCode);
    await workflow.signal('changeStatus', json({ status: 'PROCESSING', reason: 'picked' }));
    await rig.reaches(id, 'PROCESSING');
    await eventually(async () => {
      await pass();
      expect(await rig.order(id)).toMatchObject({ status: 'PROCESSING', sagaState: 'COMPLETED' });
    });
  },
);

test.concurrent('an order that waits for a service needs no attention any more once its tasks succeed again', async (context) => {
  const { rig, deploy, pass, failsTasks } = await oneAtATime(() => startDeployable(context));
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => expect(await rig.order(id)).toMatchObject({ paymentStatus: 'QUEUED' }));
  await deploy(broken(everyWorkflow, "FOUND throw new TypeError('a bad deploy');"));
  await rawMessages(rig.temporal, orderWorkflowId(id)).signal('cancelOrder', json('nonsense'));
  await failsTasks(orderWorkflowId(id));
  await pass();
  expect(await rig.order(id)).toMatchObject({ status: 'PENDING', sagaState: 'NEEDS_ATTENTION' });

  await deploy(goodCode);
  await eventually(async () => {
    await pass();
    expect(await rig.order(id)).toMatchObject({ status: 'PENDING', sagaState: 'RUNNING', paymentStatus: 'QUEUED' });
  });
  await rig.noFaults();
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.order(id)).toMatchObject({ sagaState: 'COMPLETED' });
});

test.concurrent('orders are found by the worker itself when the same bad deploy breaks the reconciler', async (context) => {
  const { rig, deploy } = await oneAtATime(() => startDeployable(context));
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(0) })
    .execute();
  await deploy(broken(everyWorkflow, "FOUND throw new TypeError('a bad deploy');"));
  await rawMessages(rig.temporal, orderWorkflowId(id)).signal('cancelOrder', json('nonsense'));
  const {
    db,
    temporal,
    config,
    startLimiter,
    dependencies: { logger },
  } = rig;
  await ensureReconcileSchedule(temporal, config);
  const stopping = new AbortController();
  const tools = {
    db,
    temporal,
    config,
    logger,
    startLimiter,
    publishOutbox: () => Promise.resolve(0),
  };
  const watch = watchReconciler(tools, stopping.signal);
  try {
    await eventually(async () => expect(await rig.order(id)).toMatchObject({ sagaState: 'NEEDS_ATTENTION' }));
  } finally {
    stopping.abort();
    await watch;
    await temporal.client.schedule.getHandle('reconcile-orders').delete();
  }
});
