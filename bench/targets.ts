import type { BenchReport, Phase } from './bench.ts';

/** A promise of the product and the measurement; `measured` and `met` are `undefined` when it can't be measured from here. */
export interface Target {
  readonly name: string;
  readonly measured: number | undefined;
  readonly met: boolean | undefined;
}

const MAX_EVENTS = 12;
const MIN_RATIO = 0.6;
const MAX_REST_P50_MS = 40;
const MAX_IDLE_MB = 500;

/** Lists each promise with its measurement. */
export function listTargets(report: BenchReport): Target[] {
  const ratio = rate(report.rounds.map(({ real }) => real)) / rate(report.rounds.map(({ twin }) => twin));
  const p50Ms = report.rest.real.latencyMs.p50;
  const events = report.rest.real.history.events.max;
  const idleMb = report.idleMemoryMb;
  return [
    { name: `at most ${MAX_EVENTS} history events at rest`, measured: events, met: events <= MAX_EVENTS },
    { name: `at least ${MIN_RATIO} of the twin's rate`, measured: ratio, met: ratio >= MIN_RATIO },
    { name: `p50 at rest under ${MAX_REST_P50_MS} ms`, measured: p50Ms, met: p50Ms < MAX_REST_P50_MS },
    {
      name: `API and worker under ${MAX_IDLE_MB} MB when idle`,
      measured: idleMb,
      met: idleMb === undefined ? undefined : idleMb < MAX_IDLE_MB,
    },
  ];
}

/** Confirmed orders per second over all rounds, so that a slow moment of the machine counts only for its duration. */
function rate(phases: readonly Phase[]): number {
  const confirmed = phases.reduce((sum, phase) => sum + phase.confirmed, 0);
  return confirmed / phases.reduce((sum, phase) => sum + phase.seconds, 0);
}
