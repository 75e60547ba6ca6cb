import { requireDatabaseUrl, type Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../repositories/database.ts';
import { listenOn } from './listen.ts';
import { ORDER_CHANGED } from './order-changes.ts';
import { deletePublished } from '../repositories/outbox.ts';
import { createEventSink } from './event-sink.ts';
import { publishBatch, type PublishDependencies } from './publish.ts';

/** When nobody announces a change the outbox is looked at after this long: an announcement may have got lost. */
const IDLE_MS = 1_000;

/** Between two batches, so that the orders of a busy moment share one: 50 orders a second pay for less than a statement each. */
const GATHER_MS = 150;

/** How often events past their retention are looked for. */
const SWEEP_INTERVAL_MS = 60_000;

/** Rows looked at in one statement of a sweep, so that it never holds anybody up. */
const SWEEP_BATCH = 1_000;

/** What the publisher works with; `retentionMs` is how long a published event is kept. */
export interface PublisherDependencies extends PublishDependencies {
  readonly databaseUrl: string;
  readonly retentionMs: number;
}

/** Publishes to the sinks that the configuration names; see {@link startPublisher}. */
export function startPublishing(config: Config, { db }: Pick<Database, 'db'>, logger: Logger): Publisher {
  const sink = createEventSink(db, config.events, logger);
  const { retentionMs } = config.events;
  return startPublisher({ db, databaseUrl: requireDatabaseUrl(config), sink, retentionMs, logger });
}

/** A publisher at work. */
interface Publisher {
  /** Finishes the batch under way and stops. */
  readonly stop: () => Promise<void>;
}

/**
 * Publishes what the outbox holds, at least once and each order's events in their order, until it is stopped.
 * Any number may run at once; a database or receiver that is away is waited for.
 */
export function startPublisher(dependencies: PublisherDependencies): Publisher {
  const { databaseUrl, logger } = dependencies;
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const listening = listenOn(databaseUrl, { channels: [ORDER_CHANGED], onPayload: alarm.ring }, logger);
  const work = async () => {
    let sweptAt = 0;
    while (!stopping.signal.aborted) {
      const more = await publishNext(dependencies);
      if (Date.now() - sweptAt > SWEEP_INTERVAL_MS) {
        sweptAt = Date.now();
        await sweep(dependencies);
      }
      if (!more) await alarm.wait(GATHER_MS, IDLE_MS);
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await done;
      await listening.close();
    },
  };
}

/** Whether there is more to publish right now. */
async function publishNext(dependencies: PublisherDependencies): Promise<boolean> {
  try {
    const { published, failed, isFull } = await publishBatch(dependencies);
    if (failed > 0) dependencies.logger.info({ published, failed }, 'events wait for another attempt');
    return isFull && published > 0;
  } catch (error) {
    dependencies.logger.warn({ err: error }, 'outbox not published');
    return false;
  }
}

async function sweep({ db, retentionMs, logger }: PublisherDependencies): Promise<void> {
  try {
    while ((await deletePublished(db, retentionMs, SWEEP_BATCH)) === SWEEP_BATCH);
  } catch (error) {
    logger.warn({ err: error }, 'old events not deleted');
  }
}

/** A wait that `ring` ends, once its least time is over, and that `signal` ends at once. */
function createAlarm(signal: AbortSignal) {
  let rung = false;
  let wake: (() => void) | undefined;
  const sleep = (timeMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  signal.addEventListener('abort', () => wake?.());
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: async (atLeastMs: number, atMostMs: number) => {
      const startedAt = Date.now();
      while (!signal.aborted) {
        const leftMs = startedAt + (rung ? atLeastMs : atMostMs) - Date.now();
        if (leftMs <= 0) break;
        await sleep(leftMs);
      }
      rung = false;
    },
  };
}
