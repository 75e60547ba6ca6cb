import type { Capacity } from './estimate-capacity.ts';
import type { Costs } from './measured-costs.ts';

/** The beginning of a sale, and what meets it. */
export interface Sale {
  /** Orders a second at the first moment; from then on they become fewer. */
  readonly peakPerSecond: number;
  /** After so many seconds a third (1/e) of the peak is left. */
  readonly decaySeconds: number;
  /** Orders a second that all APIs can accept. */
  readonly acceptsPerSecond: number;
  /** Sagas a second that Temporal and the workers can run. */
  readonly startsPerSecond: number;
  /** The time of a saga from its start to its confirmation. */
  readonly sagaMs: number;
}

/** One second of a sale. */
export interface SaleSecond {
  readonly second: number;
  readonly arrived: number;
  readonly accepted: number;
  readonly started: number;
  /** Accepted orders that wait in PostgreSQL at the end of the second. */
  readonly backlog: number;
}

/** How a sale went. */
export interface SaleOutcome {
  readonly firstMinute: readonly SaleSecond[];
  readonly orders: number;
  readonly longestAcceptMs: number;
  readonly largestBacklog: number;
  /** From its arrival to its confirmation. */
  readonly confirmMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** When the last order of the first minute is confirmed, since its beginning. */
  readonly doneAfterSeconds: number;
}

const SECONDS = 60;
/** How long a saga takes that has to wait for nothing: the measured 28 ms, and four services on a network. */
const SAGA_MS = 200;
/** Short beside every time that matters, so that what happens within a step makes no difference. */
const STEP_SECONDS = 0.05;
const STEPS_A_SECOND = 20;
/** Percentiles of so many orders, evenly spread over all of them. */
const SAMPLE = 2_000;

/** Describes a sale that meets the installations of `capacity`, all of whose headroom it may use. */
export function planSale(
  arrivals: Pick<Sale, 'peakPerSecond' | 'decaySeconds'>,
  { ordersPerSecond, installations, each }: Capacity,
  { acceptsPerApi, utilisation }: Costs,
): Sale {
  return {
    ...arrivals,
    acceptsPerSecond: installations * each.apis.processes * acceptsPerApi,
    startsPerSecond: ordersPerSecond / utilisation,
    sagaMs: SAGA_MS,
  };
}

/** Simulates the first minute of a sale, whose orders are accepted and started in the sequence of their arrival. */
export function simulateSale(sale: Sale): SaleOutcome {
  const arrivals = Array.from({ length: SECONDS * STEPS_A_SECOND }, (_, step) => countArrivals(sale, step));
  const accepted = serve(arrivals, sale.acceptsPerSecond);
  const started = serve(accepted, sale.startsPerSecond);
  const orders = sum(arrivals);
  const cumulated = { arrivals: cumulate(arrivals), accepted: cumulate(accepted), started: cumulate(started) };
  const sampled = Array.from({ length: SAMPLE }, (_, n) => ((n + 0.5) / SAMPLE) * orders);
  const timesOf = (events: readonly number[]) => sampled.map((order) => findTime(events, order));
  const [arrivedAt, acceptedAt, startedAt] = [
    timesOf(cumulated.arrivals),
    timesOf(cumulated.accepted),
    timesOf(cumulated.started),
  ];
  const confirmMs = startedAt
    .map((time, n) => (time - (arrivedAt[n] ?? 0)) * 1_000 + sale.sagaMs)
    .toSorted((a, b) => a - b);
  return {
    firstMinute: describeSeconds(arrivals, accepted, started),
    orders,
    longestAcceptMs: Math.max(...acceptedAt.map((time, n) => (time - (arrivedAt[n] ?? 0)) * 1_000)),
    largestBacklog: Math.max(...cumulated.started.map((done, step) => (cumulated.accepted[step] ?? orders) - done)),
    confirmMs: { p50: at(confirmMs, 0.5), p99: at(confirmMs, 0.99), max: at(confirmMs, 1) },
    doneAfterSeconds: started.length * STEP_SECONDS + sale.sagaMs / 1_000,
  };
}

/** The integral of the rate over one step. */
function countArrivals({ peakPerSecond, decaySeconds }: Sale, step: number): number {
  const remaining = (seconds: number) => peakPerSecond * decaySeconds * Math.exp(-seconds / decaySeconds);
  return remaining(step * STEP_SECONDS) - remaining((step + 1) * STEP_SECONDS);
}

/** Lets through at most `perSecond`; what has to wait comes later, also after the last arrival. */
function serve(arrivals: readonly number[], perSecond: number): number[] {
  const served: number[] = [];
  let waiting = 0;
  for (let step = 0; step < arrivals.length || waiting > 1e-6; step += 1) {
    waiting += arrivals[step] ?? 0;
    const now = Math.min(waiting, perSecond * STEP_SECONDS);
    waiting -= now;
    served.push(now);
  }
  return served;
}

function describeSeconds(
  arrivals: readonly number[],
  accepted: readonly number[],
  started: readonly number[],
): SaleSecond[] {
  let backlog = 0;
  return Array.from({ length: SECONDS }, (_, second) => {
    const within = (counts: readonly number[]) =>
      sum(counts.slice(second * STEPS_A_SECOND, (second + 1) * STEPS_A_SECOND));
    const counts = { arrived: within(arrivals), accepted: within(accepted), started: within(started) };
    backlog += counts.accepted - counts.started;
    return { second, ...counts, backlog };
  });
}

function cumulate(counts: readonly number[]): number[] {
  let total = 0;
  return counts.map((count) => (total += count));
}

/** Returns the seconds after which so many orders had come. */
function findTime(cumulated: readonly number[], order: number): number {
  let [low, high] = [0, cumulated.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] ?? 0) < order) low = middle + 1;
    else high = middle;
  }
  return (low + 1) * STEP_SECONDS;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? Number.NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
