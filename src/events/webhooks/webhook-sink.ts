import { insertDeliveries, WEBHOOK_SINK } from '../../repositories/webhook-deliveries.ts';
import type { Db } from '../../repositories/schema.ts';
import type { EventSink } from '../event-sink.ts';

/** The sink of all webhook endpoints: an event is delivered when each endpoint that wants it has a delivery of its own, which `onWritten` is told of. */
export function webhookSink(db: Db, onWritten: () => void): EventSink {
  return {
    name: WEBHOOK_SINK,
    deliver: async (events) => {
      const ids = events.map(({ id }) => id);
      // The cursor moves afterwards, by another statement. Who dies in between loses nothing, as the events are next again, and doubles nothing:
      // an event has one row an endpoint, and what became of it meanwhile stays as it is, however often it is written.
      await insertDeliveries(db, ids);
      onWritten();
      return { rejected: [] };
    },
    close: () => Promise.resolve(),
  };
}
