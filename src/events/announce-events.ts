import { sql } from 'kysely';
import type { SequencedEvent } from '../repositories/outbox.ts';
import type { Db } from '../repositories/schema.ts';
import { ORDER_EVENTS } from './channels.ts';

/** A payload of NOTIFY is shorter than 8000 bytes, and an id with its comma takes 37. */
const IDS_PER_NOTIFY = 200;

/**
 * Tells those who hold copies of orders that the orders have changed, whether or not who changed them came to say so. All in one statement,
 * outside of the transaction that sequenced the events.
 */
export async function announceEvents(db: Db, events: readonly SequencedEvent[]): Promise<void> {
  const ids = [...new Set(events.map(({ subjectId }) => subjectId))];
  const payloads: string[] = [];
  for (let from = 0; from < ids.length; from += IDS_PER_NOTIFY) {
    payloads.push(ids.slice(from, from + IDS_PER_NOTIFY).join(','));
  }
  await sql`select pg_notify(${ORDER_EVENTS}, payload) from unnest(${payloads}::text[]) as payload`.execute(db);
}
