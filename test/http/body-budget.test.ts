import { expect, test } from 'vitest';
import { createBodyBudget } from '../../src/http/middleware/body-budget.ts';

const full = expect.objectContaining({ code: 'UNAVAILABLE', headers: { 'Retry-After': '2' } });
const body = { expected: 0, maxBytes: 100 };

test('bodies of a process take up no more than the budget, and give back what they took', () => {
  const budget = createBodyBudget(1_000);
  const bodies = Array.from({ length: 10 }, (_, n) => budget.begin(`sender ${n}`, body));
  for (const { add } of bodies) add(100);
  const late = budget.begin('late', body);
  expect(() => late.add(1)).toThrow(full);
  expect(() => budget.begin('later', { ...body, expected: 50 })).toThrow(full);
  bodies[0]?.release();
  bodies[0]?.release();
  late.add(100);
  expect(() => budget.begin('later', body).add(1)).toThrow(full);
});

test('the unfinished bodies of one sender leave room for those of others', () => {
  const budget = createBodyBudget(1_000);
  const [first, second] = [budget.begin('slow', body), budget.begin('slow', body)];
  first.add(60);
  second.add(40);
  expect(() => second.add(1)).toThrow(full);
  budget.begin('other', body).add(100);
  first.complete();
  second.add(60);
  expect(() => second.add(1)).toThrow(full);
});

test('whoever only says that much will come holds nothing', () => {
  const budget = createBodyBudget(1_000);
  for (let n = 0; n < 100; n += 1) budget.begin(`sender ${n}`, { expected: 900, maxBytes: 900 });
  expect(() => budget.begin('one more', { expected: 900, maxBytes: 900 }).add(900)).not.toThrow();
});
