import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulateSale, type Sale } from '../../../src/cli/capacity/simulate-sale.ts';

const calm: Sale = {
  peakPerSecond: 100,
  decaySeconds: 20,
  acceptsPerSecond: 1_000,
  startsPerSecond: 1_000,
  sagaMs: 30,
};

const sales = fc.record({
  peakPerSecond: fc.double({ min: 10, max: 20_000, noNaN: true }),
  decaySeconds: fc.double({ min: 1, max: 60, noNaN: true }),
  acceptsPerSecond: fc.double({ min: 500, max: 20_000, noNaN: true }),
  startsPerSecond: fc.double({ min: 500, max: 20_000, noNaN: true }),
  sagaMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
});

test('orders that come more slowly than they start wait for nothing', () => {
  const { longestAcceptMs, largestBacklog, confirmMs } = simulateSale(calm);
  expect(longestAcceptMs).toBe(0);
  expect(largestBacklog).toBeCloseTo(0);
  expect(confirmMs).toEqual({ p50: 30, p99: 30, max: 30 });
});

test('as many orders come as the integral of the rate says', () => {
  expect(simulateSale(calm).orders).toBeCloseTo(100 * 20 * (1 - Math.exp(-60 / 20)));
});

test('a backlog is worked off at the rate of the starts', () => {
  const steady: Sale = { ...calm, decaySeconds: 1e6, startsPerSecond: 50 };
  const { largestBacklog, confirmMs, doneAfterSeconds } = simulateSale(steady);
  expect(largestBacklog).toBeCloseTo(3_000, -1);
  expect(doneAfterSeconds).toBeCloseTo(120, 0);
  expect(confirmMs.p50).toBeCloseTo(30_030, -3);
  expect(confirmMs.max).toBeCloseTo(60_030, -3);
});

test('whatever comes, no order is lost and none starts before it is accepted', () => {
  fc.assert(
    fc.property(sales, (sale) => {
      const { firstMinute, orders, largestBacklog, confirmMs } = simulateSale(sale);
      for (const { backlog, accepted, started } of firstMinute) {
        expect(backlog).toBeGreaterThanOrEqual(-1e-6);
        expect(accepted).toBeLessThanOrEqual(sale.acceptsPerSecond * 1.000001);
        expect(started).toBeLessThanOrEqual(sale.startsPerSecond * 1.000001);
      }
      expect(largestBacklog).toBeLessThanOrEqual(orders);
      expect(confirmMs.p50).toBeGreaterThanOrEqual(sale.sagaMs);
    }),
    { numRuns: 30 },
  );
});
