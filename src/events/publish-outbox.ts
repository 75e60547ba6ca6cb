import type { Logger } from '../logger.ts';
import { countMetric } from '../metrics/record-metrics.ts';
import { claimEvents, markPublished, postponeEvents } from '../repositories/outbox.ts';
import type { Db } from '../repositories/schema.ts';
import type { EventSink } from './event-sink.ts';

/** Events claimed at a time: many enough that a busy shop's events share statements, few enough to be delivered in a moment. */
const BATCH = 500;

/** What publishing needs. */
export interface PublishDependencies {
  readonly db: Db;
  readonly sink: EventSink;
  readonly logger: Logger;
}

/** The result of one batch; `isFull` when there is probably more. */
export interface PublishedBatch {
  readonly published: number;
  readonly failed: number;
  readonly isFull: boolean;
}

/** Publishes all that can be published now; returns how many events that was. */
export async function publishOutbox(dependencies: PublishDependencies): Promise<number> {
  let total = 0;
  for (;;) {
    const { published } = await publishBatch(dependencies);
    total += published;
    if (published === 0) return total;
  }
}

/**
 * Delivers one batch and marks it in the transaction that claimed it: when this process dies in between, the events are
 * unlocked at once and are delivered again. Rejects when the database is away, before or after the delivery.
 */
export async function publishBatch(dependencies: PublishDependencies): Promise<PublishedBatch> {
  const batch = await deliverBatch(dependencies);
  const { name } = dependencies.sink;
  countMetric('events_published_total', { sink: name }, batch.published);
  countMetric('events_failed_total', { sink: name }, batch.failed);
  return batch;
}

async function deliverBatch({ db, sink, logger }: PublishDependencies): Promise<PublishedBatch> {
  const deliverNone = (error: unknown): number[] => {
    logger.warn({ err: error }, 'events not delivered');
    return [];
  };
  return db.transaction().execute(async (claimed) => {
    const events = await claimEvents(claimed, BATCH);
    if (events.length === 0) return { published: 0, failed: 0, isFull: false };
    const delivered = new Set(await sink.deliver(events).catch(deliverNone));
    const failed = events.flatMap(({ id }) => (delivered.has(id) ? [] : [id]));
    if (delivered.size > 0) await markPublished(claimed, [...delivered]);
    if (failed.length > 0) await postponeEvents(claimed, failed);
    return { published: delivered.size, failed: failed.length, isFull: events.length === BATCH };
  });
}
