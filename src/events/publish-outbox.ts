import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';
import { addSinks, noteSinks } from '../repositories/event-sinks.ts';
import { claimPublishing, releasePublishing, sequenceEvents } from '../repositories/outbox.ts';
import type { Db } from '../repositories/schema.ts';
import { countMetric } from '../metrics/record-metrics.ts';
import { announceEvents } from './announce-events.ts';
import { deliverDueEvents, deliverNextEvents, type RejectionRules } from './deliver-events.ts';
import type { SinkSource } from './event-sink.ts';
import { openLazily } from './lazy-sink.ts';
import { postponeIfAway } from './postpone-if-away.ts';

/** Events that get their position in one statement: it takes some ten milliseconds. */
const SEQUENCE_BATCH = 1_000;

/** How long a process publishes without a sign of life before another one does. */
export const LEASE_MS = 5_000;

/** What publishing needs. */
export interface PublishDependencies {
  readonly db: Db;
  readonly sinks: readonly SinkSource[];
  /** Puts receivers on record that are to get what is sequenced from now on; without it there are none but the sinks. */
  readonly addReceivers?: () => Promise<void>;
  readonly rules: RejectionRules;
  readonly logger: Logger;
  /** Whether processes hold copies of orders, and are told of every event. */
  readonly hasCopies?: boolean;
}

/**
 * The names of the sinks to which `sinks` deliver, after adding those that the configuration asks for, and other receivers. Who sequences
 * events does this first: what is added later gets none of them.
 */
export async function activateSinks({
  db,
  sinks,
  addReceivers,
}: Pick<PublishDependencies, 'db' | 'sinks' | 'addReceivers'>): Promise<ReadonlySet<string>> {
  await addReceivers?.();
  if (sinks.length === 0) return new Set();
  const names = sinks.map(({ name }) => name);
  const noted = new Set(await noteSinks(db, names));
  const missing = sinks.filter(({ name, active }) => active === 'configured' && !noted.has(name));
  if (missing.length === 0) return noted;
  await addSinks(
    db,
    missing.map(({ name }) => name),
  );
  return new Set(await noteSinks(db, names));
}

/** Gives new events their positions, and tells those who need to hear of it; returns how many there were, and whether there are probably more. */
export async function sequenceNext(
  { db, hasCopies = false }: Pick<PublishDependencies, 'db' | 'hasCopies'>,
  process: string,
  onSequenced: () => void,
): Promise<{ readonly count: number; readonly isFull: boolean }> {
  const events = await sequenceEvents(db, process, SEQUENCE_BATCH);
  if (events.length > 0) {
    onSequenced();
    if (hasCopies) await announceEvents(db, events);
    countMetric('events_published_total', { sink: 'sse' }, events.length);
  }
  return { count: events.length, isFull: events.length === SEQUENCE_BATCH };
}

/**
 * Publishes once all that can be published now, unless another process is at it. Returns how many events there were that nobody had seen yet.
 */
export async function publishOutbox(dependencies: PublishDependencies): Promise<number> {
  const { db, sinks, rules, logger } = dependencies;
  const process = randomUUID();
  if (!(await claimPublishing(db, process, LEASE_MS))) return 0;
  try {
    const active = await activateSinks(dependencies);
    let total = 0;
    for (let isFull = true; isFull;) {
      const sequenced = await sequenceNext(dependencies, process, () => {});
      total += sequenced.count;
      isFull = sequenced.isFull;
    }
    for (const source of sinks) if (active.has(source.name)) await deliverAll(source, { db, rules, logger });
    return total;
  } finally {
    await releasePublishing(db, process);
  }
}

async function deliverAll(
  source: SinkSource,
  { db, rules, logger }: Omit<PublishDependencies, 'sinks'>,
): Promise<void> {
  if ('copy' in source) {
    while (await source.copy());
    return;
  }
  const sink = openLazily(source);
  const deliver = async () => {
    await deliverDueEvents(db, sink, rules);
    return deliverNextEvents(db, sink, rules);
  };
  try {
    while (await postponeIfAway(db, logger, deliver));
  } finally {
    await sink.close();
  }
}
