import { insertDeliveries, WEBHOOK_SINK } from '../../repositories/webhook-deliveries.ts';
import type { Db } from '../../repositories/schema.ts';
import type { EventSink } from '../event-sink.ts';

/** The sink of all webhook endpoints: an event is delivered when each endpoint that wants it has a delivery of its own, which `onWritten` is told of. */
export function webhookSink(db: Db, onWritten: () => void): EventSink {
  return {
    name: WEBHOOK_SINK,
    deliver: async (events) => {
      const ids = events.map(({ id }) => id);
      await insertDeliveries(db, ids);
      onWritten();
      return { rejected: [] };
    },
    close: () => Promise.resolve(),
  };
}
