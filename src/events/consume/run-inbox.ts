import { claimInboxEvents } from '../../repositories/inbox.ts';
import { createAlarm } from '../alarm.ts';
import { applyEvent, type EventConsumer } from './apply-event.ts';

/** Without a wake the inbox is looked at after this long. */
const IDLE_MS = 1_000;

/** Events that are claimed at a time; they are applied well within their half minute. */
const BATCH = 64;

/** Events that are applied at a time: each holds a connection for a few milliseconds. */
const CONCURRENCY = 4;

/** What applies the events of the inbox. */
export interface InboxRunner {
  /** Has the inbox looked at now: events have come. */
  readonly wake: () => void;
  /** Finishes what is being applied, and stops. */
  readonly stop: () => Promise<void>;
}

/** Applies the events of the inbox, and tries those again that could not be applied, until it is stopped. Any number may run at once. */
export function startInboxRunner(consumer: EventConsumer): InboxRunner {
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const work = async () => {
    while (!stopping.signal.aborted) {
      const applied = await applyDueEvents(consumer).catch((error: unknown) => {
        consumer.logger.warn({ err: error }, 'inbox not read');
        return 0;
      });
      if (applied < BATCH) await alarm.sleep(0, IDLE_MS);
    }
  };
  const done = work();
  return {
    wake: alarm.wake,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** Applies the events that are due now, at most a batch of them; returns how many those were. */
export async function applyDueEvents(consumer: EventConsumer): Promise<number> {
  const due = await claimInboxEvents(consumer.db, BATCH);
  const waiting = due.values();
  const next = async () => {
    for (const row of waiting) {
      await applyEvent(consumer, row).catch((error: unknown) => {
        consumer.logger.warn({ err: error, source: row.source, event_id: row.id }, 'event not applied yet');
      });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, next));
  return due.length;
}
