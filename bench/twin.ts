import { Worker } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import { readSagaConfig } from '../src/config.ts';
import { CREATE_ORDER } from '../src/domain/messages.ts';
import type { CreateAction } from '../src/domain/saga.ts';
import { orderWorkflowId } from '../src/domain/order.ts';
import type { TemporalConnection } from '../src/temporal/connection.ts';
import { orderStartOptions } from '../src/temporal/start-options.ts';
import { findWorkflowCode } from '../src/temporal/workflow-code.ts';
import { withoutStackTraces } from '../src/worker/without-stack-traces.ts';
import type { BenchedSystem } from './connect.ts';
import { CONFIRMED, type Placed, runLoad } from './load.ts';
import { buildStartableOrder } from './orders.ts';

/** The same workflow with activities that do nothing; disposing of it stops its worker and deletes its workflows. */
export interface Twin extends AsyncDisposable {
  /** Starts an order's workflow and resolves once its confirmation has run; for `runLoad`. */
  readonly place: () => Promise<Placed>;
}

/** Far longer than a saga; otherwise one lost workflow would block the bench for ever. */
const CONFIRM_LIMIT_MS = 30_000;
/** Concurrent deletions: done in seconds without overloading the server. */
const DELETIONS_IN_FLIGHT = 16;

/** A worker in this process on a task queue of its own, with the product's workflows, limits and start options. */
export async function startTwin({ temporal, running }: Pick<BenchedSystem, 'temporal' | 'running'>): Promise<Twin> {
  const taskQueue = `bench-twin-${process.pid}`;
  const config = readSagaConfig({
    ...process.env,
    DATABASE_URL: running.databaseUrl,
    ROLE: 'all',
    TEMPORAL_TASK_QUEUE: taskQueue,
  });
  const confirmations = new Map<string, () => void>();
  const code = await findWorkflowCode(undefined, undefined);
  const worker = await withoutStackTraces(() =>
    Worker.create({
      connection: temporal.connection,
      namespace: temporal.namespace,
      taskQueue,
      ...code,
      activities: createIdleActivities((orderId) => confirmations.get(orderId)?.()),
      maxConcurrentWorkflowTaskExecutions: config.worker.maxWorkflowTasks,
      maxConcurrentLocalActivityExecutions: config.worker.maxLocalActivities,
      maxConcurrentActivityTaskExecutions: config.worker.maxActivities,
      maxCachedWorkflows: config.worker.workflowCacheSize,
      stickyQueueScheduleToStartTimeout: '1s',
    }),
  );
  const workerRun = worker.run();
  const started: string[] = [];

  const place = async (): Promise<Placed> => {
    const order = buildStartableOrder(started.push(''));
    started[started.length - 1] = order.id;
    const confirmed = waitForConfirmation(order.id, confirmations);
    await temporal.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config));
    return { label: (await confirmed) ? CONFIRMED : 'timed out', orderId: order.id };
  };

  return {
    place,
    [Symbol.asyncDispose]: async () => {
      worker.shutdown();
      await workerRun;
      await deleteWorkflows(temporal, started);
    },
  };
}

/** Creates activities with the product's names and results that return at once. */
function createIdleActivities(onConfirm: (orderId: string) => void): Pick<Activities, CreateAction | 'recordStatus'> {
  const id = '019f0000-0000-7000-8000-000000000000';
  return {
    reserveInventory: async () => ({ id, expiresAt: '2100-01-01T00:00:00.000Z' }),
    releaseInventoryIfReserved: async () => {},
    chargePayment: async () => ({ paymentId: id }),
    refundPaymentIfCharged: async () => ({ refundedMinor: 0, byHandMinor: 0 }),
    confirmOrder: async ({ orderId }) => {
      onConfirm(orderId);
      return { status: 'CONFIRMED' };
    },
    notifyCustomer: async () => {},
    recordStatus: async ({ to }) => ({ status: to }),
  };
}

/** Waits for the order's confirmation; returns whether it came in time. Call it before the start: an eager workflow is fast. */
function waitForConfirmation(orderId: string, confirmations: Map<string, () => void>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    resolve(false);
  }, CONFIRM_LIMIT_MS);
  confirmations.set(orderId, () => {
    resolve(true);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    confirmations.delete(orderId);
  });
}

/** They have no order behind them, and nobody would ever end them. */
async function deleteWorkflows({ client, namespace }: TemporalConnection, orderIds: readonly string[]): Promise<void> {
  const waiting = orderIds.values();
  await runLoad({ count: orderIds.length, concurrency: DELETIONS_IN_FLIGHT }, async () => {
    const workflowId = orderWorkflowId(waiting.next().value ?? '');
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
    return { label: 'deleted' };
  });
}
