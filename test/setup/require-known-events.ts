import pg from 'pg';
import { eventSchemas, isEventType } from '../../src/events/catalogue/catalogue.ts';

/** The type of events that tests of the outbox itself write. */
export const TESTED = 'order.tested';

/** Fails when an event that a test has left in the outbox is not what the catalogue says of its type, or tells more than that. */
export async function requireKnownEvents(databaseUrl: string): Promise<void> {
  const faults = (await readEvents(databaseUrl)).flatMap((event) => {
    const fault = faultOf(event);
    return fault === undefined ? [] : [`${event.type} ${event.id}: ${fault}\n${JSON.stringify(event.payload)}`];
  });
  if (faults.length > 0) throw new Error(`events that the catalogue does not know:\n${faults.slice(0, 5).join('\n')}`);
}

interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
}

function faultOf(event: StoredEvent): string | undefined {
  if (event.type === TESTED) return undefined;
  if (!isEventType(event.type)) return 'there is no such type';
  return eventSchemas[event.type].strict().safeParse(event.payload).error?.message;
}

async function readEvents(databaseUrl: string): Promise<StoredEvent[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // A test of a database that is broken may have taken the table away.
    const found = await client.query<{ outbox: string | null }>("select to_regclass('outbox')::text as outbox");
    if (found.rows[0]?.outbox == null) return [];
    const { rows } = await client.query<StoredEvent>(`select id, type, payload from outbox order by id limit ${MOST}`);
    return rows;
  } finally {
    await client.end();
  }
}

/** More than any test writes by the product; what fills tables for a measurement is all alike. */
const MOST = 20_000;
