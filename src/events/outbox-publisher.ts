import type { SagaConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../repositories/database.ts';
import { deletePublished } from '../repositories/outbox.ts';
import { createEventSink } from './create-event-sink.ts';
import type { OrderChanges } from './order-changes.ts';
import { publishBatch, publishOutbox, type PublishDependencies } from './publish-outbox.ts';

/** Without a hint the outbox is looked at after this long: a hint can be lost. */
const IDLE_MS = 1_000;

/** The least time between two batches, so that the events of a busy moment share one: at 50 orders a second that is less than a statement each. */
const GATHER_MS = 150;

/** How often events past their retention are deleted. */
const SWEEP_INTERVAL_MS = 60_000;

/** Rows looked at in one statement of a sweep, so that it holds locks only briefly. */
const SWEEP_BATCH = 1_000;

/** What the publisher needs; `retentionMs` is how long a published event is kept. */
export interface PublisherDependencies extends PublishDependencies {
  readonly changes: Pick<OrderChanges, 'watchEvents'>;
  readonly retentionMs: number;
}

/** A publisher at work. */
interface Publisher {
  /** Finishes the current batch and stops. */
  readonly stop: () => Promise<void>;
}

/** Publishes to the sinks that the configuration names; see {@link startPublisher}. */
export function startPublishing(
  config: SagaConfig,
  { db }: Pick<Database, 'db'>,
  changes: Pick<OrderChanges, 'watchEvents'>,
  logger: Logger,
): Publisher {
  const sink = createEventSink(db, config.events, logger);
  const { retentionMs } = config.events;
  return startPublisher({ db, changes, sink, retentionMs, logger });
}

/** Publishes once all that the outbox holds, to the sinks that the configuration names; returns how many events that was. */
export function publishNow(config: SagaConfig, { db }: Pick<Database, 'db'>, logger: Logger): Promise<number> {
  return publishOutbox({ db, sink: createEventSink(db, config.events, logger), logger });
}

/**
 * Publishes what the outbox holds, at least once and each order's events in order, until it is stopped.
 * Any number may run at once. While the database or the receiver is away it keeps trying.
 */
export function startPublisher(dependencies: PublisherDependencies): Publisher {
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  dependencies.changes.watchEvents(alarm.wake);
  const work = async () => {
    let sweptAt = 0;
    while (!stopping.signal.aborted) {
      const isMoreWaiting = await publishNext(dependencies);
      if (Date.now() - sweptAt > SWEEP_INTERVAL_MS) {
        sweptAt = Date.now();
        await sweep(dependencies);
      }
      if (!isMoreWaiting) await alarm.sleep(GATHER_MS, IDLE_MS);
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** Whether there is more to publish right now. */
async function publishNext(dependencies: PublisherDependencies): Promise<boolean> {
  try {
    const { published, failed, isFull } = await publishBatch(dependencies);
    if (failed > 0) dependencies.logger.info({ published, failed }, 'failed events are tried again later');
    return isFull && published > 0;
  } catch (error) {
    dependencies.logger.warn({ err: error }, 'outbox not published');
    return false;
  }
}

async function sweep({ db, retentionMs, logger }: PublisherDependencies): Promise<void> {
  try {
    for (let after: number | undefined = 0; after !== undefined;) {
      ({ last: after } = await deletePublished(db, retentionMs, { after, limit: SWEEP_BATCH }));
    }
  } catch (error) {
    logger.warn({ err: error }, 'old events not deleted');
  }
}

/** Sleeps that `wake` shortens to their least time, and that `signal` ends at once. */
function createAlarm(signal: AbortSignal) {
  let woken = false;
  let endPause: (() => void) | undefined;
  const pause = (timeMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  signal.addEventListener('abort', () => endPause?.());
  return {
    wake: () => {
      woken = true;
      endPause?.();
    },
    sleep: async (leastMs: number, mostMs: number) => {
      const startedAt = Date.now();
      while (!signal.aborted) {
        const leftMs = startedAt + (woken ? leastMs : mostMs) - Date.now();
        if (leftMs <= 0) break;
        await pause(leftMs);
      }
      woken = false;
    },
  };
}
