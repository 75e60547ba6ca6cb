import { expect, test, vi } from 'vitest';
import { inBatches } from '../../src/batches.ts';
import { eventually } from '../setup/eventually.ts';

/** Work that ends when the test says so, batch by batch. */
function heldWork() {
  const batches: { entries: readonly number[]; done: PromiseWithResolvers<void> }[] = [];
  const work = async (entries: readonly number[]) => {
    const done = Promise.withResolvers<void>();
    batches.push({ entries, done });
    await done.promise;
    return entries.map((entry) => entry * 10);
  };
  const sizes = () => batches.map(({ entries }) => entries.length);
  return { work, batches, sizes };
}

test('what comes while a batch is under way goes together in the next one, and each gets its own result', async () => {
  const { work, batches, sizes } = heldWork();
  const bring = inBatches({ maxUnderWay: 1, maxWeight: 100 }, work);
  const first = bring(1);
  await eventually(() => expect(sizes()).toEqual([1]));
  const others = [2, 3, 4].map(bring);
  batches[0]!.done.resolve();
  expect(await first).toBe(10);
  await eventually(() => expect(sizes()).toEqual([1, 3]));
  batches[1]!.done.resolve();
  expect(await Promise.all(others)).toEqual([20, 30, 40]);
});

test('no more batches are under way than may be, and none is heavier than allowed unless a single entry is', async () => {
  const { work, batches, sizes } = heldWork();
  const bring = inBatches({ maxUnderWay: 2, maxWeight: 5, weigh: (entry: number) => entry }, work);
  const all = [2, 3, 1, 9, 4].map(bring);
  await eventually(() => expect(batches.map(({ entries }) => entries)).toEqual([[2, 3], [1]]));
  batches[0]!.done.resolve();
  await eventually(() => expect(sizes()).toEqual([2, 1, 1]));
  expect(batches[2]!.entries).toEqual([9]);
  batches[1]!.done.resolve();
  await eventually(() => expect(sizes()).toEqual([2, 1, 1, 1]));
  for (const { done } of batches) done.resolve();
  expect(await Promise.all(all)).toEqual([20, 30, 10, 90, 40]);
});

const turn = () => new Promise(setImmediate);

test('of a crowd, a batch waits for company after the one before it, and one that is full for nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const { work, batches, sizes } = heldWork();
    const bring = inBatches({ maxUnderWay: 9, maxWeight: 3, apartMs: 50 }, work);
    const all = [bring(1)];
    await turn();
    expect(sizes()).toEqual([1]);
    all.push(bring(2));
    await turn();
    vi.advanceTimersByTime(30);
    all.push(bring(3));
    await turn();
    expect(sizes()).toEqual([1]);
    vi.advanceTimersByTime(30);
    expect(sizes()).toEqual([1, 2]);
    vi.advanceTimersByTime(60);
    all.push(...[4, 5, 6, 7].map(bring));
    await turn();
    expect(sizes()).toEqual([1, 2, 3]);
    vi.advanceTimersByTime(60);
    expect(sizes()).toEqual([1, 2, 3, 1]);
    for (const { done } of batches) done.resolve();
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  } finally {
    vi.useRealTimers();
  }
});

test('a batch that fails fails for all who are in it, and for nobody else', async () => {
  const bring = inBatches({ maxUnderWay: 1, maxWeight: 2 }, (entries: readonly number[]) =>
    entries.includes(1) ? Promise.reject(new Error('one is bad')) : Promise.resolve(entries),
  );
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(bring));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
});

test('work that answers with another number of results is an error for all instead of a wrong answer', async () => {
  const bring = inBatches({ maxUnderWay: 1, maxWeight: 9 }, () => Promise.resolve([1]));
  const outcomes = await Promise.allSettled([1, 2].map(bring));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
