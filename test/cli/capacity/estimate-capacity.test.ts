import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateCapacity, estimateInstallation } from '../../../src/cli/capacity/estimate-capacity.ts';
import { buildCosts, type Costs } from '../../../src/cli/capacity/measured-costs.ts';

const costs = buildCosts();
/** A machine on which nothing but the order itself costs anything. */
const simple: Costs = buildCosts({
  apiCpuMs: 2.9,
  workerCpuMs: 8.9,
  databaseCpuMs: 4.9,
  engineCpuMs: 10,
  engineDatabaseCpuMs: 10,
  hearingCpuMs: 1e-9,
  sendingCpuMs: 1e-9,
  archiveCpuMs: 1e-9,
  walBytes: 20_000,
  engineWalBytes: 40_000,
  utilisation: 0.5,
  meanShare: 0.5,
  rows: 20,
  databaseBytes: 10_000,
});

const rates = fc.double({ min: 1, max: 50_000, noNaN: true });

describe('estimateCapacity', () => {
  test.each([
    [100, { apis: 2, workers: 2, databaseCores: 1, engineCores: 2 }],
    [1_000, { apis: 6, workers: 18, databaseCores: 10, engineCores: 20 }],
    [2_500, { apis: 15, workers: 45, databaseCores: 25, engineCores: 50 }],
  ])('cores at %i orders a second are the costs divided by what may be used of a core', (rate, expected) => {
    const { installations, each } = estimateCapacity(rate, simple);
    const { databaseCores, engineCores } = each;
    expect({
      installations,
      apis: each.apis.processes,
      workers: each.workers.processes,
      databaseCores,
      engineCores,
    }).toEqual({ installations: 1, ...expected });
  });

  test('a month is that of the mean, not of the peak', () => {
    const { monthly } = estimateCapacity(1_000, simple);
    expect(monthly.orders).toBe(500 * 86_400 * 30);
    expect(monthly.rows).toBe(monthly.orders * 20);
    expect(monthly.tb).toBeCloseTo((monthly.orders * 10_000) / 1e12);
  });

  test('no database is asked for more cores or log than one server has, at any rate', () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const { installations, each } = estimateCapacity(rate, costs);
        expect(installations * each.ordersPerSecond).toBeCloseTo(rate);
        expect(Math.max(each.databaseCores, each.engineDatabaseCores)).toBeLessThanOrEqual(costs.databaseCores);
        expect(Math.max(each.databaseWalMb, each.engineDatabaseWalMb)).toBeLessThanOrEqual(costs.databaseWalMb);
      }),
    );
  });

  test('more orders never need fewer processes', () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 1, max: 3, noNaN: true }), (rate, factor) => {
        const [less, more] = [estimateInstallation(rate, simple), estimateInstallation(rate * factor, simple)];
        if (!less || !more) return;
        expect(more.apis.processes).toBeGreaterThanOrEqual(less.apis.processes);
        expect(more.workers.processes).toBeGreaterThanOrEqual(less.workers.processes);
        expect(more.historyShards).toBeGreaterThanOrEqual(less.historyShards);
      }),
    );
  });

  test('costs with which nothing is enough are refused', () => {
    const impossible = buildCosts({ ...simple, engineWalBytes: 1e12 });
    expect(() => estimateCapacity(1_000, impossible)).toThrow(RangeError);
  });
});

describe('estimateInstallation', () => {
  test('what every API hears of every order grows with the square, everything else in line', () => {
    const [one, ten] = [estimateInstallation(1_000, simple), estimateInstallation(10_000, simple)];
    const growthOf = (name: 'hintsPerSecond' | 'databaseWalMb' | 'connections' | 'idleStatementsPerSecond') =>
      (ten?.[name] ?? Number.NaN) / (one?.[name] ?? Number.NaN);
    // Processes are whole ones.
    expect(growthOf('hintsPerSecond') / 100).toBeCloseTo(1, 1);
    expect(growthOf('databaseWalMb') / 10).toBeCloseTo(1, 1);
    expect(growthOf('connections') / 10).toBeCloseTo(1, 1);
    expect(growthOf('idleStatementsPerSecond') / 10).toBeCloseTo(1, 1);
  });

  test('APIs that would only hear of one another’s orders are no installation', () => {
    const talkative = buildCosts({ ...simple, hearingCpuMs: 0.1 });
    expect(estimateInstallation(4_900, talkative)?.hearingShare).toBeCloseTo(0.49);
    expect(estimateInstallation(5_000, talkative)).toBeUndefined();
  });

  test('the shards are a power of two that bears the growth', () => {
    const shards = { stateTransitions: 4, shardTransitionMs: 10, shardUtilisation: 0.25, shardGrowth: 2 };
    const busy = buildCosts({ ...simple, ...shards });
    expect(estimateInstallation(100, busy)?.historyShards).toBe(32);
    expect(estimateInstallation(101, busy)?.historyShards).toBe(64);
  });
});

describe('buildCosts', () => {
  test('a given cost takes the place of the measured one, and the others stay', () => {
    expect(buildCosts({ apiCpuMs: 1.5 })).toEqual({ ...costs, apiCpuMs: 1.5 });
  });

  test.each([[{ apiCpu: 1 }], [{ apiCpuMs: 0 }], [{ apiCpuMs: -1 }], [{ apiCpuMs: '3' }], [[]], ['3']])(
    'refuses %j',
    (given) => {
      expect(() => buildCosts(given)).toThrow();
    },
  );
});
