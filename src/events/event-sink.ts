import type { Config } from '../config.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import { httpSink } from './http-sink.ts';
import { notifySink } from './notify-sink.ts';

/** Where events go. */
export interface EventSink {
  /**
   * Delivers events, which come in the order in which they are to arrive: each order's first to last, and none after one that failed.
   * Returns the ids of those that arrived; every other one is delivered again later, as are all when it rejects.
   */
  readonly deliver: (events: readonly OrderEvent[]) => Promise<readonly number[]>;
}

/** The sink that the configuration asks for: live listeners always, and `EVENTS_URL` when it is set. */
export function createEventSink(db: Db, { url, secret }: Config['events'], logger: Logger): EventSink {
  const listeners = notifySink(db);
  if (url === undefined || secret === undefined) return listeners;
  const receiver = httpSink(url, secret, logger);
  return {
    deliver: async (events) => {
      // Whoever listens lives in the present: they hear of an event once, also when its receiver is away for hours.
      await listeners.deliver(events.filter(({ attempts }) => attempts === 0));
      return receiver.deliver(events);
    },
  };
}
