import { expect, test } from 'vitest';
import { drawPlan } from '../../../dev/chaos/plan.ts';

const size = { orders: 200, minutes: 1, seed: 7 };

test('the same seed draws the same orders, faults and kills', () => {
  expect(drawPlan(size)).toEqual(drawPlan(size));
  expect(drawPlan({ ...size, seed: 8 })).not.toEqual(drawPlan(size));
});

test('every plan kills API, worker, Temporal and PostgreSQL, and some process at its end', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const { kills, durationMs } = drawPlan({ orders: 20, minutes: 0.25, seed });
    const killed = kills.flatMap(({ victims }) => victims);
    expect(killed).toEqual(expect.arrayContaining(['api', 'worker', 'temporal', 'postgres']));
    expect(kills.at(-1)?.atMs).toBe(durationMs);
  }
});

test('every order of a plan is valid: it has lines, and a total of ten or more', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const { orders, products } = drawPlan({ ...size, seed });
    const priceOf = new Map(products.map(({ sku, price }) => [sku, Number(price)]));
    for (const { body } of orders) {
      const total = body.items.reduce((sum, { sku, quantity }) => sum + quantity * (priceOf.get(sku) ?? Number.NaN), 0);
      expect(total).toBeGreaterThanOrEqual(10);
    }
  }
});

test('the orders of a plan need more of the scarce products than there is', () => {
  const { orders, products } = drawPlan(size);
  const scarce = new Map(products.filter(({ stock }) => stock < 1_000).map(({ sku, stock }) => [sku, stock]));
  const wanted = orders.flatMap(({ body }) => body.items).filter(({ sku }) => scarce.has(sku));
  const units = wanted.reduce((sum, { quantity }) => sum + quantity, 0);
  expect(units).toBeGreaterThan([...scarce.values()].reduce((sum, stock) => sum + stock, 0));
});

test('a plan that may kill one kind of process kills only that, also at its end', () => {
  const { kills, durationMs } = drawPlan({ ...size, kill: ['worker'] });
  expect(new Set(kills.flatMap(({ victims }) => victims))).toEqual(new Set(['worker']));
  expect(kills.at(-1)).toEqual({ atMs: durationMs, victims: ['worker'] });
});

test('processes are frozen only when that is asked for, which leaves orders, faults and kills as they are', () => {
  const { freezes, ...rest } = drawPlan(size);
  expect(freezes).toEqual([]);
  const frozen = drawPlan({ ...size, freeze: true });
  expect(frozen).toMatchObject(rest);
  expect(new Set(frozen.freezes.map(({ victim }) => victim))).toEqual(new Set(['api', 'worker', 'temporal']));
  for (const { atMs, forMs } of frozen.freezes) {
    expect(atMs).toBeLessThan(frozen.durationMs);
    expect(forMs).toBeGreaterThanOrEqual(500);
  }
});
