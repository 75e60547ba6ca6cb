import { extname, join } from 'node:path';
import { Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities, type ActivityDependencies, type PlaceImportOrder } from '../../activities/index.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Engine } from './connection.ts';
import { reconcile } from './reconciler/reconcile.ts';
import type { SagaPace } from './saga-pace.ts';

// The workflows lie beside this file as it runs: as TypeScript in the sources, as JavaScript in a build.
const workflowsPath = join(import.meta.dirname, '../../workflows', `index${extname(import.meta.filename)}`);

/** How a worker starts orders itself. */
export interface OrderStarts {
  readonly placeImportOrder: PlaceImportOrder;
  readonly pace: SagaPace;
  /** What the reconciler publishes with. */
  readonly publishOutbox: () => Promise<number>;
}

/** A worker for orders on this engine; `run()` it. */
export async function createOrderWorker(
  engine: Engine,
  config: Config,
  dependencies: ActivityDependencies,
  { placeImportOrder, pace, publishOutbox }: OrderStarts,
): Promise<Worker> {
  const { connection, namespace } = engine;
  const { db, logger } = dependencies;
  const { workflowBundle, deployment, buildId, ...limits } = config.worker;
  return Worker.create({
    connection,
    namespace,
    taskQueue: config.temporal.taskQueue,
    activities: createActivities(dependencies, config.order, {
      reconcile: () => reconcile({ db, engine, config, logger, pace, publishOutbox }, { everything: false }),
      placeImportOrder,
    }),
    ...(workflowBundle === undefined ? { workflowsPath } : { workflowBundle: { codePath: workflowBundle } }),
    maxConcurrentWorkflowTaskExecutions: limits.maxWorkflowTasks,
    maxConcurrentLocalActivityExecutions: limits.maxLocalActivities,
    maxConcurrentActivityTaskExecutions: limits.maxActivities,
    maxCachedWorkflows: limits.workflowCacheSize,
    ...recovery,
    ...(buildId !== undefined && { workerDeploymentOptions: versioned(deployment, buildId) }),
  });
}

/**
 * With a build id the worker belongs to a version of a deployment, which takes orders once it is made current
 * (https://docs.temporal.io/production-deployment/worker-deployments/worker-versioning). Orders live for weeks, so they move
 * on to the current version, whose code replays their histories.
 */
function versioned(deploymentName: string, buildId: string) {
  return {
    version: { deploymentName, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  } satisfies WorkerOptions['workerDeploymentOptions'];
}

/** How soon others take over from a worker that died, and what a stopping one may still finish. */
const recovery = {
  // A task that its own worker does not fetch in a second goes to any worker.
  stickyQueueScheduleToStartTimeout: '1s',
  // Heartbeats must not be held back longer than the two seconds after which a step's worker counts as dead.
  maxHeartbeatThrottleInterval: '500ms',
  // A step's attempt takes at most a few seconds; one that takes longer is repeated elsewhere, which its key makes safe.
  shutdownGraceTime: '5s',
} satisfies Partial<WorkerOptions>;

/** Sends the SDK's log lines through ours; once per process, before anything else of the worker package. */
export function installRuntime(logger: Logger): void {
  const log = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) => {
    logger[level](meta ?? {}, message);
  };
  Runtime.install({
    // Mains decide when to stop: a worker that shares its process with an API must not react on its own.
    shutdownSignals: [],
    logger: {
      log: (level, message, meta) => {
        log(level === 'INFO' ? 'debug' : (level.toLowerCase() as 'warn'))(message, meta);
      },
      trace: log('trace'),
      debug: log('debug'),
      // What the SDK finds worth saying in passing, such as each line of the bundler's.
      info: log('debug'),
      warn: log('warn'),
      error: log('error'),
    },
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
}
