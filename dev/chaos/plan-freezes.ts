import type { Random } from './random.ts';

/** What can be stopped and go on as if nothing had happened, as a machine that was moved does. */
export type Freezable = 'api' | 'worker' | 'temporal';

/** A process that does nothing for a while; times in milliseconds, from the first order on. */
export interface PlannedFreeze {
  readonly atMs: number;
  readonly victim: Freezable;
  readonly forMs: number;
}

const weights = { worker: 5, api: 3, temporal: 1 };

/** Some are over before anybody misses the process, most are so long that others take over what it does, and one that is longer than all time limits is among many. */
const SECONDS = { least: 0.5, most: 12 };
const LONG_SECONDS = 35;
const LONG_SHARE = 0.1;

const GAP_SECONDS = { least: 1, most: 6 };

/** Draws freezes over the whole run; one process may be frozen while others are. */
export function planFreezes({ between, weighted }: Random, durationMs: number): PlannedFreeze[] {
  const freezes: PlannedFreeze[] = [];
  for (let atMs = 2_000; atMs < durationMs; atMs += Math.round(between(GAP_SECONDS.least, GAP_SECONDS.most) * 1_000)) {
    const seconds = between(0, 1) < LONG_SHARE ? LONG_SECONDS : between(SECONDS.least, SECONDS.most);
    freezes.push({ atMs, victim: weighted(weights), forMs: Math.round(seconds * 1_000) });
  }
  return freezes;
}
