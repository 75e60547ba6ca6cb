import { sql } from 'kysely';
import type { Db } from '../repositories/schema.ts';
import { ORDER_EVENTS } from './channels.ts';
import type { EventSink } from './event-sink.ts';

/** A payload of NOTIFY is shorter than 8000 bytes; a pair takes at most 57: an order id, a colon, an event id and a comma. */
const EVENTS_PER_NOTIFY = 120;

/** Hints to live listeners that events are in the outbox, all in one statement outside of the caller's transaction. */
export function notifySink(db: Db): EventSink {
  return {
    name: 'sse',
    deliver: async (events) => {
      const ids = events.map(({ id }) => id);
      if (ids.length === 0) return ids;
      const pairs = events.map(({ orderId, id }) => `${orderId}:${id}`);
      const payloads: string[] = [];
      for (let from = 0; from < pairs.length; from += EVENTS_PER_NOTIFY) {
        payloads.push(pairs.slice(from, from + EVENTS_PER_NOTIFY).join(','));
      }
      await sql`select pg_notify(${ORDER_EVENTS}, payload) from unnest(${payloads}::text[]) as payload`.execute(db);
      return ids;
    },
  };
}
