import { expect, test } from 'vitest';
import { awaitedP99, bestP99, settings, shareUsed } from '../temporal/engine/figures-of.ts';
import { simulate } from '../temporal/engine/simulate.ts';

/** Small engines have few servers: there one saga more in the queue is a large share of the latency. */
const engines = [
  { sagasPerSecond: 20, servers: 2, seconds: 400 },
  { sagasPerSecond: 45, servers: 2, seconds: 200 },
  { sagasPerSecond: 500, servers: 16, seconds: 20 },
  { sagasPerSecond: 5_000, servers: 16, seconds: 14 },
];

const steady = engines.flatMap((engine) => [1, 2, 4, 20].map((processes) => ({ ...engine, processes })));

test.each(steady)(
  '$processes processes use 90 % or more of an engine of $sagasPerSecond sagas a second, awaited orders stay near their best, each process has its share',
  async ({ sagasPerSecond, servers, seconds, processes }) => {
    const scenario = { servers, seconds, processes, settings, seed: 1, sagasPerSecond: () => sagasPerSecond };
    const outcome = await simulate(scenario);

    expect(shareUsed(outcome, sagasPerSecond, 10, seconds)).toBeGreaterThan(0.895);
    // On two servers that processes share one saga more in the queue is a large share of the latency.
    const factor = servers === 2 && processes > 1 ? 2.5 : 2;
    expect(awaitedP99(outcome, 10) / (await bestP99(scenario, sagasPerSecond))).toBeLessThan(factor);
    expect(Math.min(...outcome.perProcess) / Math.max(...outcome.perProcess)).toBeGreaterThan(
      processes > 4 ? 0.4 : 0.7,
    );
    expect(outcome.left).toBe(0);
    expect([...outcome.starts.values()].every((starts) => starts === 1)).toBe(true);
  },
);

const changes = [
  { name: 'slowed from 500 to 45', from: 500, to: 45 },
  { name: 'slowed from 500 to 20', from: 500, to: 20 },
  { name: 'freed from 45 to 500', from: 45, to: 500 },
  { name: 'freed from 20 to 5 000', from: 20, to: 5_000 },
  { name: 'slowed from 5 000 to 500', from: 5_000, to: 500 },
].flatMap((change) => [1, 4, 20].map((processes) => ({ ...change, processes })));

test.each(changes)(
  '10 s after an engine is $name sagas a second, $processes processes use 90 % of it and awaited orders stay within twice their best',
  async ({ from, to, processes }) => {
    const changedMs = 15_000;
    const seconds = to > 1_000 ? 32 : 45;
    const sagasPerSecond = (nowMs: number) => (nowMs < changedMs ? from : to);
    const scenario = { servers: 4, seconds, processes, settings, seed: 1, sagasPerSecond };
    const outcome = await simulate(scenario);

    expect(shareUsed(outcome, to, 25, seconds)).toBeGreaterThan(0.9);
    expect(awaitedP99(outcome, 25) / (await bestP99(scenario, to))).toBeLessThan(2);
  },
);

const collapsing = (nowMs: number) => (nowMs < 15_000 ? 5_000 : 20);

test.each([1, 4, 20])(
  'an engine that gets 250 times slower is used to 90 % by %i processes 10 s later, although it takes 5 s for what is in it',
  async (processes) => {
    const scenario = { servers: 4, seconds: 60, processes, settings, seed: 1, sagasPerSecond: collapsing };
    const outcome = await simulate(scenario);
    expect(shareUsed(outcome, 20, 25, 60)).toBeGreaterThan(0.9);
  },
);

const rising = (nowMs: number) => 20 + (nowMs / 1_000) * 10;

test.each([1, 4, 20])('%i processes follow an engine that gets faster all the time', async (processes) => {
  const { perSecond } = await simulate({
    servers: 4,
    seconds: 40,
    processes,
    settings,
    seed: 1,
    sagasPerSecond: rising,
  });
  for (let second = 10; second < 40; second += 5) {
    const possible = rising((second + 2.5) * 1_000) * 5;
    const sagas = perSecond.slice(second, second + 5).reduce((sum, count) => sum + count, 0);
    expect(sagas / possible).toBeGreaterThan(0.9);
  }
});

test.each([
  { processes: 1, sagasPerSecond: 500 },
  { processes: 4, sagasPerSecond: 45 },
  { processes: 20, sagasPerSecond: 500 },
  { processes: 20, sagasPerSecond: 45 },
])(
  'an engine of $sagasPerSecond sagas a second that stalls is not flooded by $processes processes, and 10 s later runs as before',
  async ({ processes, sagasPerSecond: capacity }) => {
    const sagasPerSecond = (nowMs: number) => (nowMs > 15_000 && nowMs < 22_000 ? 0 : capacity);
    const outcome = await simulate({
      servers: 4,
      seconds: 45,
      processes,
      settings,
      seed: 1,
      sagasPerSecond,
      awaitedShare: 0,
    });
    const before = Math.max(...outcome.underWay.slice(5, 15));
    expect(Math.max(...outcome.underWay.slice(15))).toBeLessThan(4 * before + 2 * processes);
    expect(shareUsed(outcome, capacity, 32, 45)).toBeGreaterThan(0.9);
  },
);

test('sagas that wait for a broken service leave the others their speed', async () => {
  const scenario = { servers: 4, seconds: 60, processes: 2, settings, seed: 1, sagasPerSecond: () => 200 };
  const outcome = await simulate({ ...scenario, stuckShare: 0.05 });
  expect(shareUsed(outcome, 200, 20, 60)).toBeGreaterThan(0.8);
});

test('orders whose start is refused are started later, each once', async () => {
  const scenario = { servers: 4, seconds: 30, processes: 4, settings, seed: 1, sagasPerSecond: () => 200 };
  const { starts, perSecond } = await simulate({ ...scenario, refusedShare: 0.05 });
  expect([...starts.values()].every((count) => count === 1)).toBe(true);
  const ids = [...starts.keys()].map(Number);
  // All but the last ones, which are under way to be started.
  const missing = Array.from({ length: Math.max(...ids) - 200 }, (_, index) => index + 1).filter(
    (id) => !starts.has(String(id)),
  );
  expect(missing).toEqual([]);
  expect(perSecond.slice(10, 30).reduce((sum, count) => sum + count, 0) / 20 / 200).toBeGreaterThan(0.8);
});

test('a backlog goes on while more awaited orders come than the engine can do, and those that come too many are left to it', async () => {
  const scenario = { servers: 4, seconds: 30, processes: 2, settings, seed: 1, sagasPerSecond: () => 100 };
  const outcome = await simulate({ ...scenario, awaitedShare: 1.5 });
  for (const sagas of outcome.perProcess) expect(sagas).toBeGreaterThan(100);
  expect(outcome.left).toBeGreaterThan(0);
  expect(awaitedP99(outcome, 15)).toBeLessThan(4_000);
});

/** Whether tasks cost less while more of them wait. */
const economies = [0, 0.5];

test.each(
  [
    { sagasPerSecond: 45, servers: 2, seconds: 80 },
    { sagasPerSecond: 500, servers: 16, seconds: 60 },
  ].flatMap((engine) =>
    economies.flatMap((economy) => [1, 4, 20].map((processes) => ({ ...engine, economy, processes }))),
  ),
)(
  '$processes processes use more of an engine of $sagasPerSecond sagas a second while no client waits, where many tasks at once save $economy of their time, and use less as soon as one does',
  async ({ seconds, sagasPerSecond, ...engine }) => {
    const half = seconds / 2;
    const scenario = { ...engine, seconds, settings, sagasPerSecond: () => sagasPerSecond };
    for (const seed of [1, 2]) {
      const outcome = await simulate({ ...scenario, seed, awaitedFromMs: half * 1_000 });
      expect(shareUsed(outcome, sagasPerSecond, 15, half)).toBeGreaterThan(engine.economy > 0 ? 1.3 : 0.9);
      const best = await bestP99({ ...scenario, seed }, sagasPerSecond);
      // The first ones find what the backlog has started.
      expect(awaitedP99(outcome, half) / best).toBeLessThan(1.5 * settings.backlogTolerance);
      expect(awaitedP99(outcome, half + 10) / best).toBeLessThan(2.5);
      expect(Math.max(...outcome.underWay)).toBeLessThan(1.5 * sagasPerSecond);
      expect(outcome.left).toBe(0);
    }
  },
);

const slowedAndFreed = (nowMs: number) => (nowMs < 15_000 || nowMs >= 45_000 ? 500 : 45);

test.each([1, 4, 20])(
  '%i processes with a backlog alone use 90 % of an engine 10 s after it is slowed, and after it is freed',
  async (processes) => {
    const scenario = {
      servers: 4,
      seconds: 75,
      processes,
      settings,
      seed: 1,
      sagasPerSecond: slowedAndFreed,
      awaitedShare: 0,
    };
    const outcome = await simulate(scenario);
    expect(shareUsed(outcome, 45, 25, 45)).toBeGreaterThan(0.9);
    expect(shareUsed(outcome, 500, 55, 75)).toBeGreaterThan(0.9);
    expect(Math.max(...outcome.underWay.slice(28, 44))).toBeLessThan(100);
  },
);
