import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import type { EventSink } from './event-sink.ts';
import { notifySink } from './notify-sink.ts';
import { webhookSink } from './webhook-sink.ts';

/** The sink that the configuration asks for: always the live listeners, and the receiver at `EVENTS_URL` when it is set. */
export function createEventSink(db: Db, { url, secret }: Config['events'], logger: Logger): EventSink {
  const listeners = notifySink(db);
  if (url === undefined || secret === undefined) return listeners;
  const receiver = webhookSink(url, secret, logger);
  return {
    name: receiver.name,
    deliver: async (events) => {
      // Live listeners hear of an event once, even when its receiver is away and it is delivered again for hours.
      await listeners.deliver(events.filter(({ attempts }) => attempts === 0));
      return receiver.deliver(events);
    },
  };
}
