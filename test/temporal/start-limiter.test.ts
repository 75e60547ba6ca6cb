import { expect, test } from 'vitest';
import { figuresOfOne } from '../../src/temporal/starting/figures.ts';
import { createStartLimiter, type OrderHints } from '../../src/temporal/starting/start-limiter.ts';
import { createEventQueue } from './engine/event-queue.ts';
import { settings } from './engine/figures-of.ts';

/** A limiter in simulated time whose sagas end when `changed` is called. */
function openLimiter({ busy = 0 } = {}) {
  const queue = createEventQueue();
  const watchers: Parameters<OrderHints['watch']>[0][] = [];
  const toldMs: number[] = [];
  const limiter = createStartLimiter({
    settings: { ...settings, ceiling: 4 },
    clock: queue,
    changes: {
      watch: (watcher) => {
        watchers.push(watcher);
        return { renew: () => {} };
      },
    },
    shared: {
      exchange: (own) => Promise.resolve(figuresOfOne(own, queue.nowMs())),
      tellAwaited: () => {
        toldMs.push(queue.nowMs());
        return toldMs.length === 2 ? Promise.reject(new Error('the database is away')) : Promise.resolve();
      },
    },
    busyShare: () => busy,
  });
  const acquire = (orderId: string, { isAwaited = false, waitMs = 0 } = {}) =>
    limiter.acquire(orderId, { isAwaited, waitMs });
  return { queue, limiter, acquire, watcher: watchers[0]!, toldMs };
}

test('a process at rest starts a saga at once, and one that somebody waits for beside others', async () => {
  const { acquire } = openLimiter();
  expect(await acquire('first')).toBe(true);
  expect(await acquire('awaited', { isAwaited: true })).toBe(true);
  expect(await acquire('another awaited', { isAwaited: true })).toBe(true);
});

test('an order that is announced to have changed frees its slot; one that holds none frees none', async () => {
  const { queue, acquire, watcher } = openLimiter();
  await acquire('first');
  const second = acquire('second', { waitMs: 400 });
  const settled: boolean[] = [];
  void second.then((isGranted) => settled.push(isGranted));
  watcher.onChanged('somebody else');
  await queue.runUntil(100);
  expect(settled).toEqual([]);
  watcher.onChanged('first');
  expect(await second).toBe(true);
});

test('sagas that wait for a slot get it in the order in which they asked', async () => {
  const { queue, acquire, watcher } = openLimiter();
  await acquire('a');
  const order: string[] = [];
  for (const id of ['b', 'c', 'd'])
    void acquire(id, { waitMs: 5_000 }).then((isGranted) => isGranted && order.push(id));
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    await queue.runUntil(index * 600 + 100);
    watcher.onChanged(id);
  }
  await queue.runUntil(4_000);
  expect(order).toEqual(['b', 'c', 'd']);
});

test('sagas that somebody waits for are not overtaken by those that ask later, nor held up by others', async () => {
  const { queue, acquire, watcher } = openLimiter();
  const order: string[] = [];
  const ask = (id: string, isAwaited: boolean) => {
    void acquire(id, { isAwaited, waitMs: 900 }).then((isGranted) => isGranted && order.push(id));
  };
  for (const id of ['1', '2', '3', '4']) ask(id, true);
  for (const id of ['a', 'b', 'c']) ask(id, false);
  for (const id of ['5', '6']) ask(id, true);
  await queue.runUntil(100);
  watcher.onChanged('1');
  // Its slot is for the one that has waited longest.
  ask('7', true);
  await queue.runUntil(200);
  watcher.onChanged('2');
  await queue.runUntil(300);
  watcher.onChanged('3');
  await queue.runUntil(400);
  expect(order.filter((id) => /[0-9]/.test(id))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
});

test('that somebody waits for sagas is told at once, then every three seconds while they come, and again when it could not be told', async () => {
  const { queue, acquire, watcher, toldMs } = openLimiter();
  await acquire('of the backlog');
  expect(toldMs).toEqual([]);
  for (let second = 0; second <= 12; second += 1) {
    await queue.runUntil(second * 1_000);
    await acquire(`${second}`, { isAwaited: true });
    watcher.onChanged(`${second}`);
  }
  expect(toldMs).toEqual([0, 3_000, 4_000, 7_000, 10_000]);
});

test('a saga that waits for a slot in vain is told so at its deadline', async () => {
  const { queue, acquire } = openLimiter();
  await acquire('first');
  const second = acquire('second', { waitMs: 300 });
  await queue.runUntil(400);
  expect(await second).toBe(false);
});

test('a saga of which nothing is heard gives up its slot after a while, and sooner when later ones end', async () => {
  const { queue, acquire, watcher } = openLimiter();
  await acquire('silent');
  const next = acquire('next', { waitMs: 10_000 });
  await queue.runUntil(6_000);
  expect(await next).toBe(true);
  const last = acquire('last', { waitMs: 10_000 });
  await queue.runUntil(7_500);
  await acquire('awaited', { isAwaited: true });
  watcher.onChanged('awaited');
  await queue.runUntil(7_600);
  expect(await last).toBe(true);
});

test('tells how many sagas are under way, how many may be, and how many wait for a slot', async () => {
  const { queue, limiter, acquire, watcher } = openLimiter();
  const { limit } = limiter.count();
  expect(limit).toBeGreaterThan(1);
  await acquire('awaited', { isAwaited: true });
  const first = acquire('first', { waitMs: 5_000 });
  const second = acquire('second', { waitMs: 5_000 });
  await queue.runUntil(100);
  expect(limiter.count()).toEqual({ inFlight: 2, limit, waiting: 1 });
  watcher.onMissed();
  await Promise.all([first, second]);
  expect(limiter.count()).toEqual({ inFlight: 1, limit, waiting: 0 });
});

test('sagas that start while others take long have more time for their tasks', async () => {
  const { queue, limiter, acquire, watcher } = openLimiter();
  expect(limiter.taskTimeoutMs()).toBe(2_000);
  for (let saga = 1; saga <= 8; saga += 1) {
    await acquire(`${saga}`);
    await queue.runUntil(saga * 4_000);
    watcher.onChanged(`${saga}`);
  }
  expect(limiter.taskTimeoutMs()).toBe(4_000);
});

test('hints that were missed free all slots', async () => {
  const { acquire, watcher } = openLimiter();
  await acquire('first');
  const next = acquire('next', { waitMs: 5_000 });
  watcher.onMissed();
  expect(await next).toBe(true);
});

/** Sagas of the backlog that start in 30 s while so many orders a second come in, and each saga takes 50 ms. */
async function sagasBeside(ordersPerSecond: number, busy: number): Promise<number> {
  const { queue, limiter, acquire, watcher } = openLimiter({ busy });
  let started = 0;
  const relay = async () => {
    for (;;) {
      const id = `saga-${started}`;
      if (!(await acquire(id, { waitMs: 2_000 }))) continue;
      started += 1;
      queue.callIn(50, () => {
        watcher.onChanged(id);
      });
    }
  };
  const placeOrder = () => {
    limiter.countOrder();
    queue.callIn(1_000 / ordersPerSecond, placeOrder);
  };
  if (ordersPerSecond > 0) placeOrder();
  queue.callIn(0, () => void relay());
  await queue.runUntil(30_000);
  return started;
}

test('while more orders come in than start and the process is busy, accepting them goes first, but some sagas start every second', async () => {
  const alone = await sagasBeside(0, 1);
  const unhurried = await sagasBeside(500, 0.3);
  const crowded = await sagasBeside(500, 1);
  expect(unhurried).toBeGreaterThan(alone / 3);
  expect(crowded).toBeLessThan(alone / 3);
  expect(crowded).toBeGreaterThan(20);
});
