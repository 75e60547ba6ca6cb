import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { announceEvents } from '../../src/events/announce-events.ts';
import { createAnnouncer, type OrderAnnouncer } from '../../src/events/order-announcer.ts';
import { listenForOrderChanges, type OrderChanges } from '../../src/events/order-changes.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { eventually } from '../setup/eventually.ts';
import { openOrders } from '../repositories/orders.ts';

const logger = createLogger({ level: 'silent', format: 'json' }, 'test');
let orders: Awaited<ReturnType<typeof openOrders>>;
let announcer: OrderAnnouncer;
let changes: OrderChanges;

beforeAll(async () => {
  orders = await openOrders();
  announcer = createAnnouncer(orders.pool, logger);
  changes = listenForOrderChanges(orders.url, logger);
  changes.watch({ onChanged: () => {}, onMissed: () => {} }).hold();
  await eventually(listening);
});

afterAll(async () => {
  await changes.close();
  await orders.close();
});

async function listening(): Promise<number | false> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'order-saga-listener' and query like 'listen%' and state = 'idle'
  `.execute(orders.db);
  return rows[0]?.pid ?? false;
}

/** An order whose state is a variable here; `settle` changes and announces it. */
function someChange(id = uuidv7()) {
  let settled = false;
  let reads = 0;
  return {
    id,
    reads: () => reads,
    read: () => {
      reads += 1;
      return Promise.resolve(settled);
    },
    settle: ({ silently = false } = {}) => {
      settled = true;
      if (!silently) announcer.announce(id);
    },
  };
}

const isSettled = (value: boolean) => value;

describe('with time stopped, so that nothing is polled', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('an announced change wakes who waits for it', async () => {
    const change = someChange();
    const waiting = changes.waitFor(change.id, change.read, isSettled, 10_000);
    change.settle();
    expect(await waiting).toBe(true);
  });

  test('hundreds of waiters, several on one order, are each woken by their own change', async () => {
    const waited = Array.from({ length: 450 }, (_, index) => someChange(index % 10 === 0 ? uuidv7() : undefined));
    const waiting = waited.flatMap((change) => [
      changes.waitFor(change.id, change.read, isSettled, 20_000),
      changes.waitFor(change.id, change.read, isSettled, 20_000),
    ]);
    for (const change of waited) change.settle();
    expect((await Promise.all(waiting)).every(Boolean)).toBe(true);
  });
});

test('a change of another order wakes no waiter', async () => {
  const waitedFor = someChange();
  const waiting = changes.waitFor(waitedFor.id, waitedFor.read, isSettled, 200);
  for (let round = 0; round < 20; round += 1) announcer.announce(uuidv7());
  expect(await waiting).toBe(false);
  expect(waitedFor.reads()).toBe(1);
});

test('a change that was not announced is found by the fallback poll', async () => {
  const change = someChange();
  const waiting = changes.waitFor(change.id, change.read, isSettled, 10_000);
  change.settle({ silently: true });
  expect(await waiting).toBe(true);
});

test('waiting ends at its timeout with the last value read', async () => {
  const change = someChange();
  expect(await changes.waitFor(change.id, change.read, isSettled, 60)).toBe(false);
  expect(await changes.waitFor(change.id, change.read, isSettled, 0)).toBe(false);
  expect(change.reads()).toBe(2);
});

test('a failing read rejects the waiting with its error', async () => {
  const id = uuidv7();
  const waiting = changes.waitFor(id, () => Promise.reject(new Error('database away')), isSettled, 10_000);
  announcer.announce(id);
  await expect(waiting).rejects.toThrow('database away');
});

test('a listener whose connection is cut misses no change and reconnects by itself', async () => {
  const pid = await eventually(listening);
  const change = someChange();
  const waiting = changes.waitFor(change.id, change.read, isSettled, 10_000);
  await sql`select pg_terminate_backend(${pid}::integer, 5000)`.execute(orders.db);
  change.settle();
  expect(await waiting).toBe(true);

  expect(await eventually(listening)).not.toBe(pid);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const next = someChange();
  const woken = changes.waitFor(next.id, next.read, isSettled, 10_000);
  next.settle();
  expect(await woken.finally(vi.useRealTimers)).toBe(true);
});

/** Four APIs and four workers on a database of their own: other listeners would be counted. */
async function openFleet() {
  const own = await openOrders();
  const processes = Array.from({ length: 8 }, (_, index) => {
    const hearing = listenForOrderChanges(own.url, logger);
    const heard = { orders: [] as string[], written: 0 };
    const { hold } = hearing.watch({ onChanged: (id) => heard.orders.push(id), onMissed: () => {} });
    if (index >= 4) hearing.watchEvents(() => (heard.written += 1));
    return { changes: hearing, heard, hold };
  });
  const connections = async () => {
    const { rows } = await sql<{ query: string }>`
      select query from pg_stat_activity
      where datname = current_database() and application_name = 'order-saga-listener' and state = 'idle'`.execute(
      own.db,
    );
    return rows;
  };
  await eventually(async () => expect((await connections()).map(({ query }) => query)).toHaveLength(8));
  const close = async () => {
    for (const one of processes) await one.changes.close();
    await own.close();
  };
  return { own, apis: processes.slice(0, 4), workers: processes.slice(4), connections, [Symbol.asyncDispose]: close };
}

describe('four APIs and four workers', () => {
  test('hold one connection each, and only those hear of changes in which somebody waits', async () => {
    await using fleet = await openFleet();
    const announcing = createAnnouncer(fleet.own.pool, logger);
    const [waiting, following, ...others] = fleet.apis;
    following?.hold();
    const change = someChange();
    const wait = waiting?.changes.waitFor(change.id, change.read, isSettled, 60_000);
    const hearing = [waiting, following];
    await eventually(() => {
      announcing.announce(change.id);
      for (const one of hearing) expect(one?.heard.orders).toContain(change.id);
    });
    for (const one of hearing) one!.heard.orders.length = 0;
    const ids = Array.from({ length: 500 }, () => uuidv7());
    for (const id of ids) announcing.announce(id);
    await eventually(() => {
      for (const one of hearing) expect(one?.heard.orders.filter((id) => id !== change.id)).toEqual(ids);
    });
    expect([...others, ...fleet.workers].map(({ heard }) => heard.orders)).toEqual([[], [], [], [], [], []]);
    expect(await fleet.connections()).toHaveLength(8);
    change.settle();
    expect(await wait).toBe(true);
  });

  test('hear of published events only where copies of orders are held', async () => {
    await using fleet = await openFleet();
    const copied: string[] = [];
    const [holder, ...others] = fleet.apis;
    for (const { hold } of others) hold();
    holder?.changes.watchAll({ onChanged: (id) => copied.push(id), onMissed: () => {} });
    const event = { id: 1, subjectId: uuidv7() };
    await eventually(async () => {
      await announceEvents(fleet.own.db, [event, { ...event, id: 2 }]);
      expect(copied).toContain(event.subjectId);
    });
    expect(others.map(({ heard }) => heard.orders)).toEqual([[], [], []]);
  });

  test('hear that events were written twenty times a second, however many orders change', async () => {
    await using fleet = await openFleet();
    for (const { heard } of fleet.workers) heard.written = 0;
    const announcing = createAnnouncer(fleet.own.pool, logger);
    const startedMs = performance.now();
    for (let change = 0; change < 300; change += 1) {
      announcing.announce(uuidv7());
      await sql`select 1`.execute(fleet.own.db);
    }
    await eventually(() => {
      for (const { heard } of fleet.workers) expect(heard.written).toBeGreaterThan(1);
    });
    // One at once, one at the end, and some when the connections were made; a timer may end a moment early.
    const most = 5 + (1.2 * (performance.now() - startedMs)) / 50;
    for (const { heard } of fleet.workers) expect(heard.written).toBeLessThanOrEqual(most);
  });

  test('a worker hears of changes as long as it starts sagas itself', async () => {
    await using fleet = await openFleet();
    const [first, ...others] = fleet.workers;
    const announcing = createAnnouncer(fleet.own.pool, logger);
    first?.hold();
    await eventually(() => {
      announcing.announce(uuidv7());
      expect(first?.heard.orders.length).toBeGreaterThan(0);
    });
    expect(others.map(({ heard }) => heard.orders)).toEqual([[], [], []]);
  });
});

test('a process that was busy when it was to say that events were written says so once', async () => {
  await using fleet = await openFleet();
  const [worker] = fleet.workers;
  const announcing = createAnnouncer(fleet.own.pool, logger);
  // On a busy machine the first two may be too far apart to share a pause.
  await eventually(async () => {
    worker!.heard.written = 0;
    // The first is said at once, the second is to be said when the pause is over.
    for (let change = 0; change < 2; change += 1) {
      announcing.announce(uuidv7());
      await sleep(10);
    }
    for (const busyUntilMs = performance.now() + 200; performance.now() < busyUntilMs;);
    announcing.announce(uuidv7());
    await sleep(200);
    expect(worker?.heard.written).toBe(2);
  });
});

test('who waits in the process that announces is woken without a notification', async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  const deaf = listenForOrderChanges(url, logger);
  const away = openDatabase(url, { max: 1, name: 'test', onError: () => {} });
  const change = someChange();
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const waiting = deaf.waitFor(change.id, change.read, isSettled, 10_000);
  change.settle({ silently: true });
  createAnnouncer(away.pool, logger, { wake: deaf.wake }).announce(change.id);
  expect(await waiting.finally(vi.useRealTimers)).toBe(true);
  await deaf.close();
  await away.close();
});

test('announcing while the database is unavailable has no effect and no error', async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  const away = openDatabase(url, { max: 1, name: 'test', onError: () => {} });
  const lost = createAnnouncer(away.pool, logger);
  lost.announce(uuidv7());
  lost.announce(uuidv7());
  const deaf = listenForOrderChanges(url, logger);
  const change = someChange();
  change.settle({ silently: true });
  expect(await deaf.waitFor(change.id, change.read, isSettled, 10_000)).toBe(true);
  await deaf.close();
  await away.close();
});

test('a process that stops ends every wait, and begins no other, with the value as it is', async () => {
  const own = listenForOrderChanges(orders.url, logger);
  const [first, second] = [someChange(), someChange()];
  const waits = [first, second].map(({ id, read }) => own.waitFor(id, read, isSettled, 600_000));
  second.settle({ silently: true });
  own.endWaits();
  expect(await Promise.all(waits)).toEqual([false, true]);
  const late = someChange();
  expect(await own.waitFor(late.id, late.read, isSettled, 600_000)).toBe(false);
  await own.close();
});
