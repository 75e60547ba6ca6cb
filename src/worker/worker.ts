import { Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities, type ActivityDependencies, type PlaceImportOrder } from '../../activities/index.ts';
import type { Config } from '../config.ts';
import type { KeyRing } from '../key-ring.ts';
import type { Logger } from '../logger.ts';
import type { TemporalConnection } from '../temporal/connection.ts';
import { REQUEST_ID } from '../domain/request-id.ts';
import { reconcile } from '../temporal/reconciler/reconcile.ts';
import type { OrderCommands } from '../temporal/order-commands.ts';
import { runActivitiesForRequests } from './run-activities-for-requests.ts';
import type { StartLimiter } from '../temporal/starting/start-limiter.ts';
import type { Payload } from '../temporal/payload-codec.ts';
import { readRequestId } from '../temporal/request-id.ts';
import { findWorkflowCode } from '../temporal/workflow-code.ts';
import { isTracing } from '../tracing/trace.ts';
import { withOwnThreads } from './workflow-threads.ts';

/** What a worker needs to start orders itself. */
export interface OrderStarts {
  readonly placeImportOrder: PlaceImportOrder;
  readonly commands: OrderCommands;
  readonly startLimiter: StartLimiter;
  /** What the reconciler publishes with. */
  readonly publishOutbox: () => Promise<number>;
}

/** Creates a worker for orders, which is started by its `run()`. */
export async function createOrderWorker(
  temporal: TemporalConnection,
  config: Config,
  dependencies: ActivityDependencies,
  { placeImportOrder, commands, startLimiter, publishOutbox }: OrderStarts,
): Promise<Worker> {
  const { connection, namespace, keys, dataConverter } = temporal;
  const { db, logger } = dependencies;
  const { workflowBundle, deployment, buildId, hasStackTraces, stepsPerSecond, ...limits } = config.worker;
  const workflowCode = await findWorkflowCode(workflowBundle, { dataConverter, isTraced: isTracing() });
  const tracing = isTracing() ? await import('./trace-worker.ts') : undefined;
  const options: WorkerOptions = {
    connection,
    namespace,
    taskQueue: config.temporal.taskQueue,
    activities: createActivities(
      dependencies,
      { ...config.order, messages: config.messages },
      {
        reconcile: () =>
          reconcile({ db, temporal, config, logger, startLimiter, publishOutbox }, { everything: false }),
        placeImportOrder,
        commands,
        paymentReconcileGraceMs: config.paymentReconcileGraceMs,
      },
    ),
    ...workflowCode,
    interceptors: {
      ...('interceptors' in workflowCode && workflowCode.interceptors),
      activity: [...(tracing ? [tracing.traceActivities] : []), runActivitiesForRequests(keys)],
    },
    ...(tracing && { sinks: tracing.traceSinks }),
    maxConcurrentWorkflowTaskExecutions: limits.maxWorkflowTasks,
    maxConcurrentLocalActivityExecutions: limits.maxLocalActivities,
    maxConcurrentActivityTaskExecutions: limits.maxActivities,
    maxCachedWorkflows: limits.workflowCacheSize,
    ...(stepsPerSecond > 0 && { maxTaskQueueActivitiesPerSecond: stepsPerSecond }),
    ...recovery,
    ...(buildId !== undefined && { workerDeploymentOptions: versioned(deployment, buildId) }),
  };
  const onStuck = () => {
    logger.error(
      'workflow code has not come back for seconds; its worker starts again, and limits each turn of a workflow',
    );
  };
  return withOwnThreads({ hasStackTraces, onStuck }, () => Worker.create(options));
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

/** How soon other workers take over from one that died, and how long a stopping one may go on. */
const recovery = {
  // A task that its own worker does not fetch in a second goes to any worker.
  stickyQueueScheduleToStartTimeout: '1s',
  // Heartbeats must not be held back longer than the two seconds after which a step's worker counts as dead.
  maxHeartbeatThrottleInterval: '500ms',
  // A step's attempt takes at most a few seconds; one that takes longer is repeated elsewhere, which its key makes safe.
  shutdownGraceTime: '5s',
} satisfies Partial<WorkerOptions>;

/** What the SDK's log lines carry; a workflow names its request by the header that it was sent, an activity by its text. */
interface LogFields {
  readonly error?: unknown;
  readonly [REQUEST_ID]?: Payload | string;
}

/**
 * Sends the SDK's log lines through our logger, and exports its metrics at `metricsAddress` if there is one; called once per process,
 * before anything else of the worker package. With `keys` the lines of workflows name their requests, which workflows can't decrypt.
 */
export function installRuntime(
  logger: Logger,
  { metricsAddress, keys }: { readonly metricsAddress?: string | undefined; readonly keys?: KeyRing | undefined } = {},
): void {
  const log =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, meta: object = {}) => {
      const { error, [REQUEST_ID]: request, ...fields }: LogFields = meta;
      const requestId = typeof request === 'string' ? request : readRequestId(request, keys);
      logger[level](
        {
          ...fields,
          ...(requestId !== undefined && { [REQUEST_ID]: requestId }),
          ...(error !== undefined && { err: error }),
        },
        message,
      );
    };
  Runtime.install({
    // The main file decides when to stop: a worker that shares its process with an API must not react to signals itself.
    shutdownSignals: [],
    logger: {
      log: (level, message, meta) => {
        log(level === 'INFO' ? 'debug' : (level.toLowerCase() as 'warn'))(message, meta);
      },
      trace: log('trace'),
      debug: log('debug'),
      // The SDK's information is for its developers, such as each line of the bundler.
      info: log('debug'),
      warn: log('warn'),
      error: log('error'),
    },
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} },
      ...(metricsAddress !== undefined && { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
  });
}
