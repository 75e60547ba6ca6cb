import { sql } from 'kysely';
import type { SequencedEvent } from '../repositories/outbox.ts';
import type { Db } from '../repositories/schema.ts';
import { ORDER_EVENTS } from './channels.ts';

/** A payload of NOTIFY is shorter than 8000 bytes; a pair takes at most 57: an order id, a colon, an event id and a comma. */
const EVENTS_PER_NOTIFY = 120;

/** Hints to live listeners that events are in the outbox, all in one statement outside of the transaction that sequenced them. */
export async function announceEvents(db: Db, events: readonly SequencedEvent[]): Promise<void> {
  const pairs = events.map(({ subjectId, id }) => `${subjectId}:${id}`);
  const payloads: string[] = [];
  for (let from = 0; from < pairs.length; from += EVENTS_PER_NOTIFY) {
    payloads.push(pairs.slice(from, from + EVENTS_PER_NOTIFY).join(','));
  }
  await sql`select pg_notify(${ORDER_EVENTS}, payload) from unnest(${payloads}::text[]) as payload`.execute(db);
}
