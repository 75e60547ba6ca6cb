import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/index.ts';
import type { Config } from '../config.ts';
import type { EngineLink } from './connection.ts';
import { ensureReconcileSchedule } from './reconciler/schedule.ts';
import { runRelay } from './relay.ts';
import { createOrderWorker, type OrderStarts } from './worker.ts';

/** How long after a worker failed the next one is made. */
const RESTART_MS = 1_000;

/** A worker and a relay at work. */
export interface Working {
  /** Settles when the worker takes its first tasks. */
  readonly started: Promise<void>;
  /** Finishes what is under way and stops. */
  readonly stop: () => Promise<void>;
}

/** Keeps a worker and the relay running from the moment Temporal can be reached; a worker that fails is replaced. */
export function startWorking(
  link: EngineLink,
  config: Config,
  dependencies: ActivityDependencies,
  starts: OrderStarts,
): Working {
  const stopping = new AbortController();
  let worker: Worker | undefined;
  const { logger, db } = dependencies;
  const started = Promise.withResolvers<void>();

  const work = async () => {
    const engine = await link.ready;
    ensureReconcileSchedule(engine, config).catch((error: unknown) => {
      logger.error({ err: error }, 'reconciler not scheduled');
    });
    const relay = runRelay({ db, engine, config, logger, pace: starts.pace }, stopping.signal);
    while (!stopping.signal.aborted) {
      try {
        worker = await createOrderWorker(engine, config, dependencies, starts);
        logger.info('worker started');
        // A stop may have come while the worker was being made, when there was nobody to tell.
        const run = worker.run();
        if (stopping.signal.aborted) worker.shutdown();
        started.resolve();
        await run;
      } catch (error) {
        logger.error({ err: error }, 'worker failed');
        await delay(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
    await relay;
  };
  const done = work().catch((error: unknown) => {
    if (!stopping.signal.aborted) logger.error({ err: error }, 'worker gave up');
  });

  return {
    started: started.promise,
    stop: async () => {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}
