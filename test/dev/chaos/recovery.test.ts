import { expect, test } from 'vitest';
import { findRecoveries } from '../../../dev/chaos/recovery.ts';

test('a recovery lasts from the kill of a worker to the next change that is not its own late write', () => {
  const killed = [
    { atMs: 10_000, victims: ['worker'] as const },
    { atMs: 30_000, victims: ['worker'] as const },
  ];
  expect(findRecoveries(killed, [9_990, 10_050, 12_500, 13_000, 31_000])).toEqual([1_000, 2_500]);
});

test('a recovery that another kill disturbs, or without any change, is not counted', () => {
  const killed = [
    { atMs: 8_000, victims: ['postgres'] as const },
    { atMs: 10_000, victims: ['worker'] as const },
    { atMs: 20_000, victims: ['worker'] as const },
    { atMs: 21_000, victims: ['worker'] as const },
    { atMs: 30_000, victims: ['worker', 'api'] as const },
    { atMs: 40_000, victims: ['worker'] as const },
  ];
  expect(findRecoveries(killed, [11_000, 23_000, 31_000])).toEqual([2_000]);
});
