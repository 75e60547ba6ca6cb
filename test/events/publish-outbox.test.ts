import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SinkSource } from '../../src/events/event-sink.ts';
import { publishOutbox } from '../../src/events/publish-outbox.ts';
import { listenOnChannels } from '../../src/events/channel-listener.ts';
import { ORDER_EVENTS } from '../../src/events/channels.ts';
import { claimPublishing, releasePublishing, sequenceEvents } from '../../src/repositories/outbox.ts';
import { openOrders } from '../repositories/orders.ts';
import { eventually } from '../setup/eventually.ts';
import { emptyOutbox, endPauses, logger, recordingSink, rules, sourceOf, writeEvents } from './outbox-rig.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(() => emptyOutbox(orders.db));
afterAll(() => orders.close());

const publish = (...sinks: SinkSource[]) => publishOutbox({ db: orders.db, sinks, rules, logger });

const publishBy = (onDeadLetter: 'hold' | 'skip', ...sinks: SinkSource[]) =>
  publishOutbox({ db: orders.db, sinks, rules: { ...rules, onDeadLetter }, logger });

const statesOf = async (orderId: string) => {
  const rows = await orders.db
    .selectFrom('event_deliveries')
    .select(['state', 'attempts'])
    .where('subject_id', '=', orderId)
    .orderBy('position')
    .execute();
  return rows.map(({ state, attempts }) => `${state} ${attempts}`);
};

test('every sink gets every event, those of each order in order, and each event is counted once', async () => {
  const ids = await writeEvents(orders.db, { orders: 400, count: 4 });
  const [one, other] = [recordingSink(), recordingSink(() => false, 'other')];
  expect(await publish(one.source, other.source)).toBe(1_600);
  expect(await publish(one.source, other.source)).toBe(0);
  for (const { delivered, numbersOf } of [one, other]) {
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(1_600);
    expect(delivered).toHaveLength(1_600);
    for (const id of ids) expect(numbersOf(id)).toEqual([0, 1, 2, 3]);
  }
});

test('an event that is committed after later ones were delivered is delivered, too', async () => {
  const { db } = orders;
  const { source, delivered } = recordingSink();
  let late: string | undefined;
  await db.transaction().execute(async (writer) => {
    [late] = await writeEvents(writer, { orders: 1, count: 1 });
    await writeEvents(db, { orders: 1, count: 1 });
    expect(await publish(source)).toBe(1);
  });
  expect(await publish(source)).toBe(1);
  expect(delivered.at(-1)?.subjectId).toBe(late);
  expect(delivered.at(-1)?.id).toBeLessThan(delivered[0]?.id ?? 0);
});

test('a new sink gets what happens from then on, and one that comes back goes on where it was', async () => {
  const { db } = orders;
  const old = recordingSink();
  await writeEvents(db, { orders: 1, count: 2 });
  await publish(old.source);
  const young = recordingSink(() => false, 'young');
  await publish(young.source);
  await writeEvents(db, { orders: 1, count: 2 });
  await publish(young.source);
  expect(young.delivered).toHaveLength(2);
  await publish(old.source);
  expect(old.delivered).toHaveLength(4);
});

test('while a process publishes no other one does, and one that has died is replaced when its time is over', async () => {
  const { db } = orders;
  await writeEvents(db, { orders: 1, count: 1 });
  expect(await claimPublishing(db, 'one', 60_000)).toBe(true);
  expect(await claimPublishing(db, 'other', 60_000)).toBe(false);
  expect(await publish()).toBe(0);
  expect(await claimPublishing(db, 'one', 0)).toBe(true);
  expect(await publish()).toBe(1);
  expect(await claimPublishing(db, 'other', 0)).toBe(true);
  await releasePublishing(db, 'other');
});

test('of processes that give positions at the same moment only one does: none is given twice, and none is left out', async () => {
  const { db } = orders;
  const { position: before } = await db.selectFrom('event_sequence').select('position').executeTakeFirstOrThrow();
  const ids = await writeEvents(db, { orders: 3, count: 2 });
  expect(await claimPublishing(db, 'one', 60_000)).toBe(true);
  // Whoever gives an event its position waits for whoever has locked the event.
  const holder = await db.startTransaction().execute();
  await holder.selectFrom('outbox').select('id').forUpdate().execute();
  const first = sequenceEvents(db, 'one', 100);
  await eventually(async () => expect(await countWaiting()).toBe(1));
  let isDone = false;
  const second = sequenceEvents(db, 'one', 100).finally(() => {
    isDone = true;
  });
  await eventually(async () => isDone || (await countWaiting()) === 2);
  await holder.rollback().execute();

  const given = [...(await first), ...(await second)].map(({ subjectId }) => subjectId);
  expect(given.toSorted()).toEqual([...ids, ...ids].toSorted());
  const rows = await db.selectFrom('outbox').select('position').orderBy('position').execute();
  expect(rows.map(({ position }) => position)).toEqual(rows.map((_, n) => before + 1 + n));
  const { position } = await db.selectFrom('event_sequence').select('position').executeTakeFirstOrThrow();
  expect(position).toBe(before + rows.length);
  await releasePublishing(db, 'one');
});

/** How many statements of this database wait for a lock. */
async function countWaiting(): Promise<number> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(orders.db);
  return rows.length;
}

describe('a sink that is away', () => {
  test('gets everything again later under the same ids, though it may have it already, and holds up no other sink', async () => {
    const { db } = orders;
    await writeEvents(db, { orders: 2, count: 2 });
    const { source, delivered } = recordingSink();
    const other = recordingSink(() => false, 'other');
    const opened = await source.open();
    const losesAnswers = sourceOf('recorder', async (events) => {
      await opened.deliver(events);
      throw new Error('no route');
    });
    await publish(losesAnswers, other.source);
    expect(other.delivered).toHaveLength(4);
    await publish(source);
    expect(delivered).toHaveLength(4);
    await endPauses(db);
    await publish(source);
    expect(delivered.map(({ id }) => id)).toEqual([...other.delivered, ...other.delivered].map(({ id }) => id));
  });
});

describe('an event that a sink rejects', () => {
  test('is tried again before any later one of its order, and other orders go on', async () => {
    const { db } = orders;
    const [refused, ...others] = await writeEvents(db, { orders: 3, count: 3 });
    let refusals = 2;
    const { source, numbersOf } = recordingSink(
      ({ subjectId, payload }) => subjectId === refused && payload['n'] === 1 && (refusals -= 1) >= 0,
    );
    await publish(source);
    expect(numbersOf(refused!)).toEqual([0]);
    expect(await statesOf(refused!)).toEqual(['PENDING 1', 'PENDING 0']);
    for (const id of others) expect(numbersOf(id)).toEqual([0, 1, 2]);

    // It waits a moment, and what comes after it waits with it.
    await db
      .insertInto('outbox')
      .values({ subject_id: refused!, type: 'order.tested', payload: JSON.stringify({ n: 3 }) })
      .execute();
    await publish(source);
    expect(await statesOf(refused!)).toEqual(['PENDING 1', 'PENDING 0', 'PENDING 0']);
    await endPauses(db);
    await publish(source);
    expect(await statesOf(refused!)).toEqual(['PENDING 2', 'PENDING 0', 'PENDING 0']);
    expect(numbersOf(refused!)).toEqual([0]);
    await endPauses(db);
    await publish(source);
    expect(numbersOf(refused!)).toEqual([0, 1, 2, 3]);
  });

  test.each([
    ['hold', [0], ['DEAD 3', 'PENDING 0']],
    ['skip', [0, 2], ['DEAD 3', 'DELIVERED 1']],
  ] as const)(
    'is a dead letter after its last attempt; by %s, its later events get %j',
    async (policy, got, states) => {
      const { db } = orders;
      const [refused, other] = await writeEvents(db, { orders: 2, count: 3 });
      let isRefused = true;
      const { source, numbersOf } = recordingSink(
        ({ subjectId, payload }) => isRefused && subjectId === refused && payload['n'] === 1,
      );
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await publishBy(policy, source);
        await endPauses(db);
      }
      expect(numbersOf(refused!)).toEqual(got);
      expect(await statesOf(refused!)).toEqual(states);
      expect(numbersOf(other!)).toEqual([0, 1, 2]);

      isRefused = false;
      await sql`update event_deliveries set state = 'PENDING', next_attempt_at = now() where state = 'DEAD'`.execute(
        db,
      );
      await publishBy(policy, source);
      expect(numbersOf(refused!)).toEqual([...got, ...(policy === 'hold' ? [1, 2] : [1])]);
    },
  );
});

test('who holds copies of orders hears of every order with an event, however many are published at once', async () => {
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
  const ids = await writeEvents(db, { orders: 300, count: 2 });
  await publishOutbox({ db, sinks: [], rules, logger, hasCopies: true });

  const told = () => heard.filter((id) => id !== 'ready');
  await eventually(() => expect(told().toSorted()).toEqual(ids.toSorted()));
  for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  await listening.close();
});
