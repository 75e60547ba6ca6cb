import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { OrderEvent } from '../../src/domain/order-event.ts';
import { createLogger } from '../../src/logger.ts';
import type { EventSink, OpenableSink } from '../../src/events/event-sink.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { TESTED } from '../setup/require-known-events.ts';

export const logger = createLogger({ level: 'silent', format: 'json' }, 'test');

/** What publishing usually does with what a sink rejects. */
export const rules = { maxAttempts: 3, onDeadLetter: 'hold' } as const;

/** Writes `count` events of each order, in turn, and answers the orders' ids. */
export async function writeEvents(db: Db, { orders, count }: { orders: number; count: number }): Promise<string[]> {
  const ids = Array.from({ length: orders }, () => uuidv7());
  for (let n = 0; n < count; n += 1) {
    const rows = ids.map((subject_id) => ({ subject_id, type: TESTED, payload: JSON.stringify({ n }) }));
    await db.insertInto('outbox').values(rows).execute();
  }
  return ids;
}

/** A sink that is always there. */
export function sourceOf(name: string, deliver: EventSink['deliver']): OpenableSink {
  const open = () => Promise.resolve({ name, deliver, close: () => Promise.resolve() });
  return { name, active: 'configured', open };
}

/** A sink that keeps what it was given, in the order of arrival; `refuse` says which it does not take. */
export function recordingSink(refuse: (event: OrderEvent) => boolean = () => false, name = 'recorder') {
  const delivered: OrderEvent[] = [];
  const source = sourceOf(name, async (events) => {
    const rejected = new Map<string, { id: number; reason: string }>();
    for (const event of events) {
      const { id, subjectId } = event;
      if (rejected.has(subjectId)) continue;
      if (refuse(event)) rejected.set(subjectId, { id, reason: 'not to my taste' });
      else delivered.push(event);
    }
    // As a receiver elsewhere would, it gives others the time to come in between.
    await new Promise(setImmediate);
    return { rejected: [...rejected.values()] };
  });
  return { source, delivered, numbersOf: (orderId: string) => numbersOf(delivered, orderId) };
}

function numbersOf(events: readonly OrderEvent[], orderId: string): unknown[] {
  return events.filter(({ subjectId }) => subjectId === orderId).map(({ payload }) => payload['n']);
}

/** Makes everything due that waits for its next attempt. */
export async function endPauses(db: Db): Promise<void> {
  await sql`update event_deliveries set next_attempt_at = now() where state = 'PENDING'`.execute(db);
  await sql`update event_sinks set retry_at = now()`.execute(db);
}

/** Removes every event and sink. */
export async function emptyOutbox(db: Db): Promise<void> {
  await db.deleteFrom('outbox').execute();
  await db.deleteFrom('event_deliveries').execute();
  await db.deleteFrom('event_sinks').execute();
}
