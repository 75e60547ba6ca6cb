import { expect, test } from 'vitest';
import { createTaskTimeout } from '../../src/temporal/starting/task-timeout.ts';

/** The timeout after sagas that took so long. */
function timeoutAfter(latenciesMs: readonly number[], leastMs = 2_000): number {
  const { count, timeoutMs } = createTaskTimeout(leastMs);
  latenciesMs.forEach(count);
  return timeoutMs();
}

const times = (count: number, latencyMs: number): number[] => Array.from({ length: count }, () => latencyMs);

test.each([
  ['nothing is known yet', [], 2_000],
  ['sagas are quick', times(15, 40), 2_000],
  ['a few wait for a service', [...times(10, 40), ...times(5, 60_000)], 2_000],
  ['the first ones take long', times(7, 60_000), 2_000],
  ['sagas take longer', times(15, 3_500.4), 3_500],
  ['sagas hardly end at all', times(15, 60_000), 10_000],
  ['they are quick again', [...times(50, 60_000), ...times(8, 40)], 2_000],
])('the timeout of a task when %s', (_, latenciesMs, wanted) => {
  expect(timeoutAfter(latenciesMs)).toBe(wanted);
});

test('a timeout is never longer than Temporal takes', () => {
  expect(timeoutAfter(times(15, 600_000), 60_000)).toBe(120_000);
});
