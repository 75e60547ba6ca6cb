import { expect, test } from 'vitest';
import type { SharedStartFigures } from '../../src/repositories/start-figures.ts';
import { StartWindow } from '../../src/temporal/starting/window.ts';
import { settings } from './engine/figures-of.ts';

const ROUND_MS = 500;

/** Figures of the only process, while no client waits: sagas take 50 ms, the best latency there is. */
const figures: SharedStartFigures = {
  window: 8,
  latencyMs: 50,
  idleLatencyMs: 50,
  perSecond: 20,
  periodMs: 4_000,
  processes: 1,
  place: 0,
  clockMs: 0,
  isAwaited: false,
};

/** The slots after some rounds in which so many sagas are under way whenever one more is to start. */
function slotsAfter(rounds: number, underWay: number, more: Partial<SharedStartFigures> = {}): number {
  const window = new StartWindow(settings);
  for (let round = 1; round <= rounds; round += 1) {
    const nowMs = round * ROUND_MS;
    window.nextStartMs(underWay, nowMs - ROUND_MS, nowMs);
    window.adjust({ ...figures, clockMs: nowMs, ...more, window: window.takeFigures(nowMs).window ?? 8 }, nowMs);
  }
  return window.slots(rounds * ROUND_MS);
}

test('a window that is used up grows while sagas are as quick as at their best; one that is not stays, however long that goes on', () => {
  expect(slotsAfter(10, 10_000)).toBe(settings.ceiling);
  expect(slotsAfter(100, 0)).toBe(8);
});

test('a window that is not used up still gets smaller when sagas take too long', () => {
  expect(slotsAfter(5, 0, { latencyMs: 5_000 })).toBeLessThan(8);
});

test('while nobody waits sagas may take four times as long as at their best', () => {
  const slow = { latencyMs: 150, idleLatencyMs: 50 };
  expect(slotsAfter(5, 10_000, slow)).toBeGreaterThan(8);
  expect(slotsAfter(5, 10_000, { ...slow, isAwaited: true })).toBeLessThan(8);
});
