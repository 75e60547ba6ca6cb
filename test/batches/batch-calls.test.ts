import { expect, test, vi } from 'vitest';
import { batchCalls, resultOrError } from '../../src/batch-calls.ts';
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

test('calls that come while a batch runs share the next one, and each gets its own result', async () => {
  const { work, batches, sizes } = heldWork();
  const call = batchCalls({ maxConcurrent: 1, maxSize: 100 }, work);
  const first = call(1);
  await eventually(() => expect(sizes()).toEqual([1]));
  const others = [2, 3, 4].map(call);
  batches[0]!.done.resolve();
  expect(await first).toBe(10);
  await eventually(() => expect(sizes()).toEqual([1, 3]));
  batches[1]!.done.resolve();
  expect(await Promise.all(others)).toEqual([20, 30, 40]);
});

test('the same entry twice is worked on twice: no call gets an answer older than itself', async () => {
  const { work, batches, sizes } = heldWork();
  const call = batchCalls({ maxConcurrent: 2, maxSize: 100 }, work);
  const first = call(1);
  await eventually(() => expect(sizes()).toEqual([1]));
  const second = call(1);
  await eventually(() => expect(sizes()).toEqual([1, 1]));
  for (const { done } of batches) done.resolve();
  expect(await Promise.all([first, second])).toEqual([10, 10]);
});

test('no more batches run at once than allowed, and none is larger than allowed', async () => {
  const { work, batches, sizes } = heldWork();
  const call = batchCalls({ maxConcurrent: 2, maxSize: 2 }, work);
  const all = [1, 2, 3, 4, 5].map(call);
  await eventually(() => expect(sizes()).toEqual([2, 2]));
  await turn();
  expect(sizes()).toEqual([2, 2]);
  batches[0]!.done.resolve();
  await eventually(() => expect(sizes()).toEqual([2, 2, 1]));
  for (const { done } of batches) done.resolve();
  expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50]);
});

const turn = () => new Promise(setImmediate);

test('batches are spaced, except for the first and for full ones', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const { work, batches, sizes } = heldWork();
    const call = batchCalls({ maxConcurrent: 9, maxSize: 3, spacingMs: 50 }, work);
    const all = [call(1)];
    await turn();
    expect(sizes()).toEqual([1]);
    all.push(call(2));
    await turn();
    vi.advanceTimersByTime(30);
    all.push(call(3));
    await turn();
    expect(sizes()).toEqual([1]);
    vi.advanceTimersByTime(30);
    expect(sizes()).toEqual([1, 2]);
    // Too early for a batch, but three of these fill one; the fourth waits.
    all.push(...[4, 5, 6, 7].map(call));
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

test.each([
  { server: 'fast', tookMs: 2, spacedMs: 4 },
  { server: 'slow', tookMs: 20, spacedMs: 40 },
  { server: 'stalled', tookMs: 500, spacedMs: 50 },
])('a $server server is given its next batch after twice the time that batches take', async ({ tookMs, spacedMs }) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const { work, batches, sizes } = heldWork();
    const call = batchCalls({ maxConcurrent: 9, maxSize: 100, spacingMs: 50, spacingPerDuration: 2 }, work);
    const runOne = async () => {
      const result = call(1);
      await turn();
      vi.advanceTimersByTime(tookMs);
      batches.at(-1)?.done.resolve();
      await result;
      vi.advanceTimersByTime(1_000);
    };
    for (let round = 0; round < 30; round += 1) await runOne();
    const all = [call(1)];
    await turn();
    all.push(call(2), call(3));
    await turn();
    vi.advanceTimersByTime(spacedMs * 0.9);
    expect(sizes().slice(30)).toEqual([1]);
    vi.advanceTimersByTime(spacedMs * 0.2);
    expect(sizes().slice(30)).toEqual([1, 2]);
    for (const { done } of batches) done.resolve();
    await Promise.all(all);
  } finally {
    vi.useRealTimers();
  }
});

test('a batch that fails rejects all its calls and no others', async () => {
  const call = batchCalls({ maxConcurrent: 1, maxSize: 2 }, (entries: readonly number[]) =>
    entries.includes(1) ? Promise.reject(new Error('one is bad')) : Promise.resolve(entries),
  );
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(call));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
});

function refuseOdd(entry: number): Promise<number> {
  return entry % 2 === 1 ? Promise.reject(new Error('odd')) : Promise.resolve(entry);
}

test('an entry that fails rejects its own call only', async () => {
  const call = batchCalls({ maxConcurrent: 1, maxSize: 9 }, (entries: readonly number[]) =>
    Promise.all(entries.map((entry) => resultOrError(refuseOdd(entry)))),
  );
  const outcomes = await Promise.allSettled([1, 2, 3].map(call));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
});

test('work that throws or returns too few results rejects all its calls, and later batches still run', async () => {
  let round = 0;
  const call = batchCalls<number, number>({ maxConcurrent: 1, maxSize: 9 }, (entries) => {
    round += 1;
    if (round === 1) throw new Error('thrown');
    return Promise.resolve(round === 2 ? [1] : entries);
  });
  const outcomeOf = async () => (await Promise.allSettled([1, 2].map(call))).map(({ status }) => status);
  expect(await outcomeOf()).toEqual(['rejected', 'rejected']);
  expect(await outcomeOf()).toEqual(['rejected', 'rejected']);
  expect(await outcomeOf()).toEqual(['fulfilled', 'fulfilled']);
});
