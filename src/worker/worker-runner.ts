import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/index.ts';
import type { Config } from '../config.ts';
import type { TemporalConnector } from '../temporal/connection.ts';
import { ensurePaymentReportSchedule } from '../temporal/payment-report-client.ts';
import { ensureReconcileSchedule } from '../temporal/reconciler/schedule.ts';
import { watchReconciler } from '../temporal/reconciler/watch-reconciler.ts';
import { runRelay } from '../temporal/relay.ts';
import { createOrderWorker, type OrderStarts } from './worker.ts';

/** Pause between the failure of a worker and the creation of the next one. */
const RESTART_MS = 1_000;

/** A worker and a relay that are running. */
export interface WorkerRunner {
  /** Resolves when the worker polls for its first tasks. */
  readonly started: Promise<void>;
  /** Whether its worker polls for tasks right now. */
  readonly isRunning: () => boolean;
  /** Finishes what is under way and stops. */
  readonly stop: () => Promise<void>;
}

/** Runs a worker and the relay as soon as Temporal is reachable; a worker that fails is replaced. */
export function startWorkerRunner(
  connector: TemporalConnector,
  config: Config,
  dependencies: ActivityDependencies,
  starts: OrderStarts,
): WorkerRunner {
  const stopping = new AbortController();
  let worker: Worker | undefined;
  const { logger, db } = dependencies;
  const started = Promise.withResolvers<void>();

  const runUntilStopped = async () => {
    const temporal = await connector.ready;
    ensureReconcileSchedule(temporal, config).catch((error: unknown) => {
      logger.error({ err: error }, 'reconciler not scheduled');
    });
    ensurePaymentReportSchedule(temporal, config).catch((error: unknown) => {
      logger.error({ err: error }, 'payment reports not scheduled');
    });
    const background = { db, temporal, config, logger, ...starts };
    const relay = runRelay(background, stopping.signal);
    const watch = watchReconciler(background, stopping.signal);
    while (!stopping.signal.aborted) {
      try {
        worker = await createOrderWorker(temporal, config, dependencies, starts);
        logger.info('worker started');
        // A stop may have come while the worker was being created.
        const run = worker.run();
        if (stopping.signal.aborted) worker.shutdown();
        started.resolve();
        await run;
      } catch (error) {
        logger.error({ err: error }, 'worker failed');
        await delay(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
    await Promise.all([relay, watch]);
  };
  const done = runUntilStopped().catch((error: unknown) => {
    if (!stopping.signal.aborted) logger.error({ err: error }, 'worker gave up');
  });

  return {
    started: started.promise,
    isRunning: () => worker?.getState() === 'RUNNING',
    stop: async () => {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}
