import type { Random } from './random.ts';

/** What can be killed. */
export const victims = ['api', 'worker', 'temporal', 'postgres', 'sandbox'] as const;

export type Victim = (typeof victims)[number];

/** Processes that get SIGKILL at the same moment. */
export interface PlannedKill {
  readonly atMs: number;
  readonly victims: readonly Victim[];
}

/** Every run kills these at least once. The sandbox stands for services that are not part of the product. */
export const mandatory: readonly Victim[] = ['api', 'worker', 'temporal', 'postgres'];

const weights = { worker: 5, api: 4, temporal: 3, postgres: 3, sandbox: 1, several: 2, all: 1 };

/** Some kills hit a system that is starting, most a running one. */
const FIRST_MS = 1_500;
const GAP_SECONDS = { least: 1.5, most: 7 };
const SHORT_GAP_SECONDS = { least: 1, most: 4 };

/** Draws kills over the whole run, always with one at its end: the system has to recover from that without further traffic. */
export function planKills(random: Random, durationMs: number, chosen: readonly Victim[] = victims): PlannedKill[] {
  const isShort = durationMs < 60_000;
  const gap = isShort ? SHORT_GAP_SECONDS : GAP_SECONDS;
  const first = random.shuffled(mandatory).filter((victim) => chosen.includes(victim));
  const kills: PlannedKill[] = [];
  for (let atMs = FIRST_MS; ; atMs += Math.round(random.between(gap.least, gap.most) * 1_000)) {
    const next = first.shift();
    const isLast = atMs >= durationMs && next === undefined;
    const drawn = next === undefined ? drawVictims(random).filter((victim) => chosen.includes(victim)) : [next];
    // At least one process is killed.
    kills.push({ atMs: Math.min(atMs, durationMs), victims: drawn.length > 0 ? drawn : chosen.slice(0, 1) });
    if (isLast) return kills;
  }
}

function drawVictims(random: Random): Victim[] {
  const drawn = random.weighted(weights);
  if (drawn === 'all') return [...victims];
  if (drawn === 'several') return random.shuffled(mandatory).slice(0, 2);
  return [drawn];
}
