import { expect, test } from 'vitest';
import { createTaskTimeout } from '../../src/temporal/starting/task-timeout.ts';

/** The timeout after sagas that took so long. */
function timeoutAfter(latenciesMs: readonly number[], leastMs = 2_000): number {
  const { count, timeoutMs } = createTaskTimeout(leastMs);
  latenciesMs.forEach(count);
  return timeoutMs();
}

test.each([
  ['nothing is known yet', [], 2_000],
  ['sagas are quick', Array.from({ length: 15 }, () => 40), 2_000],
  [
    'a few wait for a service',
    [...Array.from({ length: 10 }, () => 40), ...Array.from({ length: 5 }, () => 60_000)],
    2_000,
  ],
  ['the first ones take long', Array.from({ length: 7 }, () => 60_000), 2_000],
  ['sagas take longer', Array.from({ length: 15 }, () => 3_500.4), 3_500],
  ['sagas hardly end at all', Array.from({ length: 15 }, () => 60_000), 10_000],
  [
    'they are quick again',
    [...Array.from({ length: 50 }, () => 60_000), ...Array.from({ length: 8 }, () => 40)],
    2_000,
  ],
])('the timeout of a task when %s', (_, latenciesMs, wanted) => {
  expect(timeoutAfter(latenciesMs)).toBe(wanted);
});

test('a timeout is never longer than Temporal takes', () => {
  expect(
    timeoutAfter(
      Array.from({ length: 15 }, () => 600_000),
      60_000,
    ),
  ).toBe(120_000);
});
