import { uuidv7 } from 'uuidv7';
import type { OrderEvent } from '../../src/domain/order-event.ts';
import { createLogger } from '../../src/logger.ts';
import type { EventSink } from '../../src/events/event-sink.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { TESTED } from '../setup/require-known-events.ts';

export const logger = createLogger({ level: 'silent', format: 'json' }, 'test');

/** Writes `count` events of each order, in turn, and answers the orders' ids. */
export async function writeEvents(db: Db, { orders, count }: { orders: number; count: number }): Promise<string[]> {
  const ids = Array.from({ length: orders }, () => uuidv7());
  for (let n = 0; n < count; n += 1) {
    const rows = ids.map((order_id) => ({ order_id, type: TESTED, payload: JSON.stringify({ n }) }));
    await db.insertInto('outbox').values(rows).execute();
  }
  return ids;
}

/** A sink that keeps what it was given, in the order of arrival; `refuse` says which it does not take. */
export function recordingSink(refuse: (event: OrderEvent) => boolean = () => false) {
  const delivered: OrderEvent[] = [];
  const sink: EventSink = {
    name: 'sse',
    deliver: async (events) => {
      const refused = new Set<string>();
      const taken: OrderEvent[] = [];
      for (const event of events) {
        if (refused.has(event.orderId) || refuse(event)) refused.add(event.orderId);
        else taken.push(event);
      }
      // As a receiver elsewhere would, it gives others the time to come in between.
      await new Promise(setImmediate);
      delivered.push(...taken);
      return taken.map(({ id }) => id);
    },
  };
  return { sink, delivered, numbersOf: (orderId: string) => numbersOf(delivered, orderId) };
}

function numbersOf(events: readonly OrderEvent[], orderId: string): unknown[] {
  return events.filter((event) => event.orderId === orderId).map(({ payload }) => payload['n']);
}

/** How many events wait to be published. */
export async function waiting(db: Db): Promise<number> {
  const rows = await db.selectFrom('outbox').select('id').where('published_at', 'is', null).execute();
  return rows.length;
}
