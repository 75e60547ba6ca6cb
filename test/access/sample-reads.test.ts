import { expect, test } from 'vitest';
import { createSampler } from '../../src/access/sample-reads.ts';

/** How many of `reads` in each of two seconds are logged; every tenth draws a number below 0.1. */
function loggedPerSecond(share: number, reads: number): number[] {
  let nowMs = 0;
  let drawn = 0;
  const isLogged = createSampler(
    share,
    () => nowMs,
    () => (drawn++ % 10) / 10,
  );
  return [0, 1_000].map((startMs) => {
    nowMs = startMs;
    return Array.from({ length: reads }, () => isLogged()).filter(Boolean).length;
  });
}

test('reads are all logged while they are few, and of many the share that is asked for', () => {
  expect(loggedPerSecond(0.1, 50)).toEqual([50, 50]);
  expect(loggedPerSecond(0.1, 1_050)).toEqual([150, 150]);
  expect(loggedPerSecond(0.01, 30)).toEqual([30, 30]);
});

test('a share of 0 logs none, and one of 1 all', () => {
  expect(loggedPerSecond(0, 500)).toEqual([0, 0]);
  expect(loggedPerSecond(1, 500)).toEqual([500, 500]);
});
