import type { Victim } from './plan-kills.ts';

/** What the planned gaps between kills are made for: some hit a system that is starting, most a running one. */
const PLANNED_RESTART_MS = 3_000;
/** How many restarts back the slowest counts. */
const REMEMBERED = 5;

/** Keeps the share of kills that hit a starting system on a machine where a restart takes longer. */
export interface KillPace {
  /** By how much the planned gaps are stretched now; at least 1. */
  readonly factor: () => number;
  readonly killed: (victim: Victim) => void;
  readonly restarted: (victim: Victim) => void;
}

/** Starts with the planned gaps; a restart that is still under way counts with what it has taken so far. */
export function createKillPace(nowMs: () => number = Date.now): KillPace {
  const down = new Map<Victim, number>();
  const restartsMs: number[] = [];
  return {
    factor: () => {
      const soFarMs = [...down.values()].map((sinceMs) => nowMs() - sinceMs);
      return Math.max(1, Math.max(...restartsMs, ...soFarMs, 0) / PLANNED_RESTART_MS);
    },
    killed: (victim) => {
      // One that is killed while it starts takes all the time since the first kill.
      if (!down.has(victim)) down.set(victim, nowMs());
    },
    restarted: (victim) => {
      const sinceMs = down.get(victim);
      if (sinceMs === undefined) return;
      down.delete(victim);
      restartsMs.push(nowMs() - sinceMs);
      if (restartsMs.length > REMEMBERED) restartsMs.shift();
    },
  };
}
