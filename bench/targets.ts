import type { BenchReport, Turn } from './bench.ts';

/** A promise of the product and the measurement; `measured` and `met` are `undefined` when it can't be measured from here. */
export interface Target {
  readonly name: string;
  readonly measured: number | undefined;
  readonly met: boolean | undefined;
}

/** Names of the contestants that targets speak of. */
export const contestantNames = {
  product: 'product',
  /** The workflow of one local step. */
  floor: 'bare 1',
  /** DBOS, which accepts an order before it carries it out, as the product does. */
  peer: 'DBOS, accepts',
} as const;

const { product, floor, peer } = contestantNames;
const MIN_RATIO_TO_FLOOR = 0.9;
const MIN_RATIO_TO_PEER = 0.6;
const MAX_REST_RATIO = 1.8;
const MAX_REST_P50_MS = 25;
const MAX_EVENTS = 9;
const MAX_CPU_MS = { app: 11, temporal: 11, postgres: 4 };
const MAX_IDLE_MB = 500;

/** Lists each promise with its measurement. */
export function listTargets({ rest, rounds, idleMemoryMb }: BenchReport): Target[] {
  const p50Ms = p50Of(rest, product);
  return [
    atLeast(`at least ${MIN_RATIO_TO_FLOOR} of the rate of ${floor}`, MIN_RATIO_TO_FLOOR, ratioTo(floor, rounds)),
    ...(rest.has(peer)
      ? [atLeast(`at least ${MIN_RATIO_TO_PEER} of the rate of ${peer}`, MIN_RATIO_TO_PEER, ratioTo(peer, rounds))]
      : []),
    atMost(
      `p50 at rest at most ${MAX_REST_RATIO} of that of ${floor}`,
      MAX_REST_RATIO,
      divide(p50Ms, p50Of(rest, floor)),
    ),
    atMost(`p50 at rest under ${MAX_REST_P50_MS} ms`, MAX_REST_P50_MS, p50Ms),
    atMost(`at most ${MAX_EVENTS} history events at rest`, MAX_EVENTS, rest.get(product)?.history?.events.max),
    ...Object.entries(MAX_CPU_MS).map(([name, bound]) =>
      atMost(`CPU at most ${bound} ms an order, ${name}`, bound, meanCpuMs(rounds, name)),
    ),
    atMost(`API and worker under ${MAX_IDLE_MB} MB when idle`, MAX_IDLE_MB, idleMemoryMb),
  ];
}

/** Computes how many orders the product confirms for each of another contestant's, over all rounds. */
export function ratioTo(other: string, rounds: readonly Turn[]): number | undefined {
  return divide(rateOf(product, rounds), rateOf(other, rounds));
}

function atLeast(name: string, bound: number, measured: number | undefined): Target {
  return { name, measured, met: measured === undefined ? undefined : measured >= bound };
}

function atMost(name: string, bound: number, measured: number | undefined): Target {
  return { name, measured, met: measured === undefined ? undefined : measured <= bound };
}

/** Confirmed orders per second over all rounds, so that a slow moment of the machine counts only for its duration. */
function rateOf(name: string, rounds: readonly Turn[]): number | undefined {
  const phases = rounds.flatMap((turn) => turn.get(name) ?? []);
  const confirmed = phases.reduce((sum, phase) => sum + phase.confirmed, 0);
  return divide(
    confirmed,
    phases.reduce((sum, phase) => sum + phase.seconds, 0),
  );
}

function meanCpuMs(rounds: readonly Turn[], process: string): number | undefined {
  const values = rounds.flatMap((turn) => turn.get(product)?.cpuMsPerOrder[process] ?? []);
  return divide(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );
}

function p50Of(turn: Turn, name: string): number | undefined {
  return turn.get(name)?.latencyMs.p50;
}

function divide(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || !b ? undefined : a / b;
}
