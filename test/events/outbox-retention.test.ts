import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishOutbox } from '../../src/events/publish-outbox.ts';
import { sweepOutbox } from '../../src/events/sweep-outbox.ts';
import { deletePublished } from '../../src/repositories/outbox.ts';
import { openOrders } from '../repositories/orders.ts';
import { emptyOutbox, logger, recordingSink, rules, sourceOf, writeEvents } from './outbox-rig.ts';

const HOUR_MS = 3_600_000;

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(() => emptyOutbox(orders.db));
afterAll(() => orders.close());

/** Makes every event that has a position old. */
const age = () =>
  sql`update outbox set sequenced_at = now() - interval '2 hours' where position is not null`.execute(orders.db);

const subjects = async () => {
  const rows = await orders.db.selectFrom('outbox').select('subject_id').distinct().execute();
  return new Set(rows.map(({ subject_id }) => subject_id));
};

test('an event past its retention is deleted when every sink has it, and neither a younger one nor one without a position', async () => {
  const { db } = orders;
  const { source } = recordingSink();
  await writeEvents(db, { orders: 1, count: 2 });
  await publishOutbox({ db, sinks: [source], rules, logger });
  await age();
  const [young] = await writeEvents(db, { orders: 1, count: 2 });
  await publishOutbox({ db, sinks: [source], rules, logger });
  const [unsequenced] = await writeEvents(db, { orders: 1, count: 1 });

  expect(await deletePublished(db, HOUR_MS, { after: 0, limit: 100 })).toEqual({ deleted: 2, last: undefined });
  expect(await subjects()).toEqual(new Set([young, unsequenced]));
});

test('an event that one of the sinks does not have stays', async () => {
  const { db } = orders;
  const away = sourceOf('away', () => Promise.reject(new Error('no route')));
  await writeEvents(db, { orders: 1, count: 2 });
  await publishOutbox({ db, sinks: [recordingSink().source, away], rules, logger });
  await age();
  await sweepOutbox(db, HOUR_MS, logger);
  expect((await subjects()).size).toBe(1);
});

test('a dead letter and what waits behind it stay, and hold up the removal of no other', async () => {
  const { db } = orders;
  const [dead] = await writeEvents(db, { orders: 1, count: 3 });
  await writeEvents(db, { orders: 2, count: 3 });
  const { source } = recordingSink(({ subjectId }) => subjectId === dead);
  await publishOutbox({ db, sinks: [source], rules: { ...rules, maxAttempts: 1 }, logger });
  await age();
  let deleted = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    const swept = await deletePublished(db, HOUR_MS, { after, limit: 2 });
    deleted += swept.deleted;
    after = swept.last;
  }
  expect(deleted).toBe(6);
  expect(await subjects()).toEqual(new Set([dead]));

  await sql`update event_deliveries set state = 'SKIPPED'`.execute(db);
  await sweepOutbox(db, HOUR_MS, logger);
  expect((await subjects()).size).toBe(0);
  expect(await db.selectFrom('event_deliveries').selectAll().execute()).toEqual([]);
});

test('a sink that is no longer configured is forgotten after as long as events are kept, and holds nothing back any more', async () => {
  const { db } = orders;
  const { source } = recordingSink();
  const gone = recordingSink(() => true, 'gone');
  await writeEvents(db, { orders: 2, count: 2 });
  await publishOutbox({ db, sinks: [source, gone.source], rules: { ...rules, maxAttempts: 1 }, logger });
  await writeEvents(db, { orders: 1, count: 2 });
  await publishOutbox({ db, sinks: [source], rules, logger });
  await age();
  await sql`update event_sinks set updated_at = now() - interval '50 minutes'`.execute(db);
  await sweepOutbox(db, HOUR_MS, logger);
  expect((await subjects()).size).toBe(3);

  await sql`update event_sinks set updated_at = now() - interval '2 hours' where name = 'gone'`.execute(db);
  await sweepOutbox(db, HOUR_MS, logger);
  expect((await subjects()).size).toBe(0);
  expect(await db.selectFrom('event_sinks').select('name').execute()).toEqual([{ name: 'recorder' }]);
});
