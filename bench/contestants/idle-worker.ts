import type { WorkflowStartOptions } from '@temporalio/client';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import { readSagaConfig, type SagaConfig } from '../../src/config.ts';
import { orderWorkflowId } from '../../src/domain/order.ts';
import type { TemporalConnection } from '../../src/temporal/connection.ts';
import type { StartableOrder } from '../../src/temporal/order-commands.ts';
import type { BenchedSystem } from '../connect.ts';
import { CONFIRMED, type Placed, runLoad } from '../load.ts';
import { buildStartableOrder } from '../orders.ts';
import type { Contestant } from './contestant.ts';

/** A worker in this process on a task queue of its own, with activities that do nothing. */
export interface IdleWorker {
  readonly name: string;
  /** Workflow code, and how the worker is created of it. */
  readonly code: Pick<
    WorkerOptions,
    'workflowsPath' | 'bundlerOptions' | 'dataConverter' | 'interceptors' | 'workflowBundle'
  >;
  readonly createWorker: (options: WorkerOptions) => Promise<Worker>;
  /** Creates activities; the confirming one calls `onConfirm`. */
  readonly createActivities: (onConfirm: (orderId: string) => void) => object;
  readonly workflowType: string;
  readonly startOptions: (order: StartableOrder, config: SagaConfig) => WorkflowStartOptions;
}

/** Far longer than a saga; otherwise one lost workflow would block the bench for ever. */
const CONFIRM_LIMIT_MS = 30_000;
/** Concurrent deletions: done in seconds without overloading the server. */
const DELETIONS_IN_FLIGHT = 16;

/** Starts the worker, with the product's limits; disposing of it stops it and deletes its workflows. */
export async function startIdleWorker(
  { temporal, running }: Pick<BenchedSystem, 'temporal' | 'running'>,
  { name, code, createWorker, createActivities, workflowType, startOptions }: IdleWorker,
): Promise<Contestant> {
  const taskQueue = `bench-${name.replaceAll(' ', '-')}-${process.pid}`;
  const config = readSagaConfig({
    ...process.env,
    DATABASE_URL: running.databaseUrl,
    ROLE: 'all',
    TEMPORAL_TASK_QUEUE: taskQueue,
  });
  const confirmations = new Map<string, () => void>();
  const worker = await createWorker({
    connection: temporal.connection,
    namespace: temporal.namespace,
    taskQueue,
    ...code,
    activities: createActivities((orderId) => confirmations.get(orderId)?.()),
    maxConcurrentWorkflowTaskExecutions: config.worker.maxWorkflowTasks,
    maxConcurrentLocalActivityExecutions: config.worker.maxLocalActivities,
    maxConcurrentActivityTaskExecutions: config.worker.maxActivities,
    maxCachedWorkflows: config.worker.workflowCacheSize,
    stickyQueueScheduleToStartTimeout: '1s',
  });
  const workerRun = worker.run();
  const started: string[] = [];

  const place = async (): Promise<Placed> => {
    const order = buildStartableOrder(started.push(''));
    started[started.length - 1] = order.id;
    const confirmed = waitForConfirmation(order.id, confirmations);
    await temporal.client.workflow.start(workflowType, startOptions(order, config));
    return { label: (await confirmed) ? CONFIRMED : 'timed out', orderId: order.id };
  };

  return {
    name,
    place,
    [Symbol.asyncDispose]: async () => {
      worker.shutdown();
      await workerRun;
      await deleteWorkflows(temporal, started);
    },
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
