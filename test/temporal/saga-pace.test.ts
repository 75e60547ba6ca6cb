import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSagaPace, type OrderHints } from '../../src/temporal/saga-pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Begins as many sagas as there is room for, up to a thousand. */
function beginAll(pace: ReturnType<typeof createSagaPace>, isAwaited: boolean): number {
  let begun = 0;
  while (begun < 1_000 && pace.begin(`${isAwaited}-${begun}`, isAwaited)) begun += 1;
  return begun;
}

function crowd(pace: ReturnType<typeof createSagaPace>): void {
  for (let order = 0; order < 500; order += 1) pace.noteOrder();
}

test('so many begin and no more, somewhat more when somebody waits, and fewer beside a crowd', () => {
  const quiet = beginAll(createSagaPace(), false);
  const awaited = beginAll(createSagaPace(), true);
  const pace = createSagaPace();
  crowd(pace);
  const beside = beginAll(pace, false);
  expect(beside).toBeGreaterThan(0);
  expect(beside).toBeLessThan(quiet);
  expect(quiet).toBeLessThan(awaited);
  expect(awaited).toBeLessThan(1_000);
});

test('those for whom somebody waits leave the others their room', () => {
  const pace = createSagaPace();
  const many = beginAll(pace, true);
  expect(many).toBeLessThan(1_000);
  expect(beginAll(pace, false)).toBe(beginAll(createSagaPace(), false));
});

/** Sagas a second beside so many orders a second. */
function begunBeside(ordersPerSecond: number): number {
  const pace = createSagaPace();
  let begun = 0;
  for (let ms = 0; ms < 10_000; ms += 10) {
    for (let order = 0; order < ordersPerSecond / 100; order += 1) pace.noteOrder();
    if (pace.begin(`${ms}`, false)) pace.end(`${(begun += 1)}`);
    vi.advanceTimersByTime(10);
  }
  return begun / 10;
}

test('the larger the crowd, the fewer begin beside it, and never none', () => {
  const rates = [200, 400, 600, 1_500, 10_000].map(begunBeside);
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  expect(rates[0]).toBeGreaterThan(2 * rates[2]!);
  expect(rates.at(-1)).toBeGreaterThan(1);
});

test('when the crowd is gone, as many begin as before', () => {
  const pace = createSagaPace();
  crowd(pace);
  vi.advanceTimersByTime(10_000);
  expect(beginAll(pace, false)).toBe(beginAll(createSagaPace(), false));
});

test('an order that is announced to have changed makes room for one, and one that nobody began makes none', () => {
  const watchers: Parameters<OrderHints['watch']>[0][] = [];
  const pace = createSagaPace({ watch: (watcher) => void watchers.push(watcher) });
  const changed = (orderId: string, eventId?: number) => watchers[0]?.onChanged(orderId, eventId);
  beginAll(pace, false);
  changed('somebody else');
  changed('false-0', 42);
  expect(pace.begin('next', false)).toBe(false);
  changed('false-0');
  expect(pace.begin('next', false)).toBe(true);
  expect(pace.begin('another', false)).toBe(false);
});

test('a saga of which nothing is heard gives way after a second', () => {
  const pace = createSagaPace();
  const many = beginAll(pace, false);
  expect(beginAll(pace, false)).toBe(0);
  vi.advanceTimersByTime(1_100);
  expect(beginAll(pace, false)).toBe(many);
});

test('who waits for a turn gets the next room, before those who come later', async () => {
  const pace = createSagaPace();
  beginAll(pace, false);
  const turn = pace.turn('waiting', Date.now() + 5_000);
  pace.end('false-0');
  expect(pace.begin('later', false)).toBe(false);
  expect(await turn).toBe(true);
  pace.end('false-1');
  expect(pace.begin('later', false)).toBe(true);
});

test('who waits in vain is told so in time', async () => {
  const pace = createSagaPace();
  beginAll(pace, false);
  const turn = pace.turn('waiting', Date.now() + 500);
  await vi.advanceTimersByTimeAsync(600);
  expect(await turn).toBe(false);
});
