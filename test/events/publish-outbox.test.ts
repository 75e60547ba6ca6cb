import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishBatch, publishOutbox } from '../../src/events/publish-outbox.ts';
import { notifySink } from '../../src/events/notify-sink.ts';
import { listenOnChannels } from '../../src/events/channel-listener.ts';
import { ORDER_EVENTS } from '../../src/events/channels.ts';
import { deletePublished } from '../../src/repositories/outbox.ts';
import { openOrders } from '../repositories/orders.ts';
import { eventually } from '../setup/eventually.ts';
import { logger, recordingSink, waiting, writeEvents } from './outbox-rig.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(() => orders.db.deleteFrom('outbox').execute());
afterAll(() => orders.close());

const publishedBefore = (agoMs: number) => ({ published_at: new Date(Date.now() - agoMs) });
const soon = async () => {
  await orders.db
    .updateTable('outbox')
    .set({ retry_at: new Date(0) })
    .execute();
};

test('concurrent publishers deliver each event once, and those of each order in order', async () => {
  const { db } = orders;
  const ids = await writeEvents(db, { orders: 400, count: 6 });
  const { sink, delivered, numbersOf } = recordingSink();

  // Each stops when it finds nothing that is free; what it passed over for another's sake is left to the next round.
  while ((await waiting(db)) > 0) await Promise.all([1, 2, 3].map(() => publishOutbox({ db, sink, logger })));

  expect(delivered).toHaveLength(2_400);
  expect(new Set(delivered.map(({ id }) => id)).size).toBe(2_400);
  for (const id of ids) expect(numbersOf(id)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('an event locked by another publisher holds back later events of its order only', async () => {
  const { db } = orders;
  const [held] = await writeEvents(db, { orders: 3, count: 2 });
  const { sink, delivered, numbersOf } = recordingSink();
  await db.transaction().execute(async (other) => {
    await sql`select from outbox where id = (select min(id) from outbox where order_id = ${held}) for update`.execute(
      other,
    );
    await publishOutbox({ db, sink, logger });
    expect(delivered).toHaveLength(4);
    expect(numbersOf(held!)).toEqual([]);
  });
  await publishOutbox({ db, sink, logger });
  expect(numbersOf(held!)).toEqual([0, 1]);
});

test('a refused event is retried before any later one of its order, and other orders go on', async () => {
  const { db } = orders;
  const [refused, ...others] = await writeEvents(db, { orders: 3, count: 3 });
  let refusals = 2;
  const { sink, numbersOf } = recordingSink(
    ({ orderId, payload }) => orderId === refused && payload['n'] === 1 && (refusals -= 1) >= 0,
  );

  expect(await publishBatch({ db, sink, logger })).toMatchObject({ published: 7, failed: 2 });
  expect(numbersOf(refused!)).toEqual([0]);
  // It waits a moment, and what comes after it waits with it.
  await writeEvents(db, { orders: 1, count: 1 });
  expect(await publishBatch({ db, sink, logger })).toMatchObject({ published: 1, failed: 0 });
  await soon();
  expect(await publishBatch({ db, sink, logger })).toMatchObject({ published: 0, failed: 2 });
  await soon();
  await publishOutbox({ db, sink, logger });

  expect(numbersOf(refused!)).toEqual([0, 1, 2]);
  for (const id of others) expect(numbersOf(id)).toEqual([0, 1, 2]);
});

test('events of a failed delivery are delivered again with the same ids', async () => {
  const { db } = orders;
  await writeEvents(db, { orders: 2, count: 2 });
  const broken = { name: 'sse' as const, deliver: () => Promise.reject(new Error('no route')) };
  expect(await publishBatch({ db, sink: broken, logger })).toMatchObject({ published: 0, failed: 4 });
  const attempts = await db.selectFrom('outbox').select(['id', 'attempts']).orderBy('id').execute();
  expect(attempts.map((row) => row.attempts)).toEqual([1, 1, 1, 1]);
  await soon();
  const { sink, delivered } = recordingSink();
  await publishOutbox({ db, sink, logger });
  expect(delivered.map(({ id }) => id)).toEqual(attempts.map(({ id }) => id));
});

test('events of a publisher that dies between delivery and marking are delivered again with the same ids', async () => {
  const { db } = orders;
  await writeEvents(db, { orders: 3, count: 2 });
  const { sink, delivered } = recordingSink();
  const dying = {
    name: 'sse' as const,
    deliver: async (events: Parameters<typeof sink.deliver>[0]) => {
      const ids = await sink.deliver(events);
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`.execute(db);
      return ids;
    },
  };

  await expect(publishBatch({ db, sink: dying, logger })).rejects.toThrow();
  expect(await waiting(db)).toBe(6);
  await publishOutbox({ db, sink, logger });

  const ids = delivered.map(({ id }) => id);
  expect(ids.slice(6)).toEqual(ids.slice(0, 6));
  expect(await waiting(db)).toBe(0);
});

test('live listeners hear of every event by order and id, however many are published at once', async () => {
  const heard: string[] = [];
  const payloads: string[] = [];
  const listening = listenOnChannels(
    orders.url,
    {
      channels: [ORDER_EVENTS],
      onPayload: (payload) => {
        payloads.push(payload);
        heard.push(...payload.split(','));
      },
    },
    logger,
  );
  const { db } = orders;
  await eventually(async () => {
    await sql`select pg_notify(${ORDER_EVENTS}, 'ready')`.execute(db);
    return heard.length > 0;
  });
  await writeEvents(db, { orders: 300, count: 2 });
  await publishOutbox({ db, sink: notifySink(db), logger });

  const events = await db.selectFrom('outbox').select(['id', 'order_id']).execute();
  const told = () => new Set(heard.filter((pair) => pair !== 'ready'));
  await eventually(() => expect(told()).toEqual(new Set(events.map(({ id, order_id }) => `${order_id}:${id}`))));
  for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  await listening.close();
});

test('published events past their retention are deleted, unpublished ones never', async () => {
  const { db } = orders;
  const [old, young] = await writeEvents(db, { orders: 3, count: 2 });
  await db.updateTable('outbox').set(publishedBefore(7_200_000)).where('order_id', '=', old!).execute();
  await db.updateTable('outbox').set(publishedBefore(1_000)).where('order_id', '=', young!).execute();

  expect(await deletePublished(db, 3_600_000, { after: 0, limit: 100 })).toEqual({ deleted: 2, last: undefined });

  const rest = await db.selectFrom('outbox').select('order_id').execute();
  expect(rest).toHaveLength(4);
  expect(rest.map(({ order_id }) => order_id)).not.toContain(old);
});

test('an old event that nobody takes holds up the removal of no other', async () => {
  const { db } = orders;
  const [stuck] = await writeEvents(db, { orders: 1, count: 3 });
  const [old, young] = await writeEvents(db, { orders: 2, count: 2 });
  const long = new Date(Date.now() - 7_200_000);
  await db.updateTable('outbox').set({ created_at: long }).where('order_id', '!=', young!).execute();
  await db.updateTable('outbox').set({ published_at: long }).where('order_id', '=', old!).execute();

  let deleted = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    const swept = await deletePublished(db, 3_600_000, { after, limit: 2 });
    deleted += swept.deleted;
    after = swept.last;
  }

  expect(deleted).toBe(2);
  const rest = await db.selectFrom('outbox').select('order_id').distinct().execute();
  expect(new Set(rest.map(({ order_id }) => order_id))).toEqual(new Set([stuck, young]));
});
