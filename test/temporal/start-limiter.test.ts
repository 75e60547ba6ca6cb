import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStartLimiter, type OrderHints } from '../../src/temporal/start-limiter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Takes every free slot, up to a thousand. */
function takeAll(startLimiter: ReturnType<typeof createStartLimiter>, isAwaited: boolean): number {
  let taken = 0;
  while (taken < 1_000 && startLimiter.tryAcquire(`${isAwaited}-${taken}`, isAwaited)) taken += 1;
  return taken;
}

function placeMany(startLimiter: ReturnType<typeof createStartLimiter>): void {
  for (let order = 0; order < 500; order += 1) startLimiter.countOrder();
}

test('sagas start up to a limit, which is higher for those that somebody waits for and lower while many orders come in', () => {
  const quiet = takeAll(createStartLimiter(), false);
  const awaited = takeAll(createStartLimiter(), true);
  const startLimiter = createStartLimiter();
  placeMany(startLimiter);
  const beside = takeAll(startLimiter, false);
  expect(beside).toBeGreaterThan(0);
  expect(beside).toBeLessThan(quiet);
  expect(quiet).toBeLessThan(awaited);
  expect(awaited).toBeLessThan(1_000);
});

test('sagas that somebody waits for take no slots from the others', () => {
  const startLimiter = createStartLimiter();
  const many = takeAll(startLimiter, true);
  expect(many).toBeLessThan(1_000);
  expect(takeAll(startLimiter, false)).toBe(takeAll(createStartLimiter(), false));
});

test('tells how many sagas are under way, how many may be, and how many wait for a slot', async () => {
  const startLimiter = createStartLimiter();
  const taken = takeAll(startLimiter, false) + takeAll(startLimiter, true);
  const waits = startLimiter.acquire('another', Date.now() + 10_000);
  expect(startLimiter.count()).toEqual({ inFlight: taken, limit: taken, waiting: 1 });
  startLimiter.release('false-0');
  expect(await waits).toBe(true);
  expect(startLimiter.count()).toEqual({ inFlight: taken, limit: taken, waiting: 0 });
});

/** Sagas a second that start while so many orders a second come in. */
function sagasPerSecond(ordersPerSecond: number): number {
  const startLimiter = createStartLimiter();
  let taken = 0;
  for (let ms = 0; ms < 10_000; ms += 10) {
    for (let order = 0; order < ordersPerSecond / 100; order += 1) startLimiter.countOrder();
    if (startLimiter.tryAcquire(`${ms}`, false)) startLimiter.release(`${(taken += 1)}`);
    vi.advanceTimersByTime(10);
  }
  return taken / 10;
}

test('the more orders come in, the fewer sagas start, and never none', () => {
  const rates = [200, 400, 600, 1_500, 10_000].map(sagasPerSecond);
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  expect(rates[0]).toBeGreaterThan(2 * rates[2]!);
  expect(rates.at(-1)).toBeGreaterThan(1);
});

test('once fewer orders come in, as many sagas start as before', () => {
  const startLimiter = createStartLimiter();
  placeMany(startLimiter);
  vi.advanceTimersByTime(10_000);
  expect(takeAll(startLimiter, false)).toBe(takeAll(createStartLimiter(), false));
});

test('an order that is announced to have changed frees its slot, and one that holds none frees none', () => {
  const watchers: Parameters<OrderHints['watch']>[0][] = [];
  const startLimiter = createStartLimiter({ watch: (watcher) => void watchers.push(watcher) });
  const changed = (orderId: string, eventId?: number) => watchers[0]?.onChanged(orderId, eventId);
  takeAll(startLimiter, false);
  changed('somebody else');
  changed('false-0', 42);
  expect(startLimiter.tryAcquire('next', false)).toBe(false);
  changed('false-0');
  expect(startLimiter.tryAcquire('next', false)).toBe(true);
  expect(startLimiter.tryAcquire('another', false)).toBe(false);
});

test('a saga of which nothing is heard gives way after a second', () => {
  const startLimiter = createStartLimiter();
  const many = takeAll(startLimiter, false);
  expect(takeAll(startLimiter, false)).toBe(0);
  vi.advanceTimersByTime(1_100);
  expect(takeAll(startLimiter, false)).toBe(many);
});

test('a saga that waits for a slot gets the next one, before those that ask later', async () => {
  const startLimiter = createStartLimiter();
  takeAll(startLimiter, false);
  const acquired = startLimiter.acquire('waiting', Date.now() + 5_000);
  startLimiter.release('false-0');
  expect(startLimiter.tryAcquire('later', false)).toBe(false);
  expect(await acquired).toBe(true);
  startLimiter.release('false-1');
  expect(startLimiter.tryAcquire('later', false)).toBe(true);
});

test('a saga that waits for a slot in vain is told so at its deadline', async () => {
  const startLimiter = createStartLimiter();
  takeAll(startLimiter, false);
  const acquired = startLimiter.acquire('waiting', Date.now() + 500);
  await vi.advanceTimersByTimeAsync(600);
  expect(await acquired).toBe(false);
});
