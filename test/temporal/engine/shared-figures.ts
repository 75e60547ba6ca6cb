import type { StartFigures } from '../../../src/repositories/start-figures.ts';
import type { SharedFigures } from '../../../src/temporal/starting/figures.ts';
import type { EventQueue } from './event-queue.ts';

/** A process that has not written for so long has nothing to start. */
const SEEN_MS = 2_000;

/** So long after somebody waited for a saga all keep it in mind. */
const AWAITED_MS = 10_000;

const ROUND_TRIP_MS = 2;

/** The shared table in memory: gives each process its way to exchange figures. */
export function createSharedFigures(queue: EventQueue): (process: number) => SharedFigures {
  const rows = new Map<number, { readonly seenMs: number; readonly figures: StartFigures }>();
  let awaitedMs = -Infinity;
  const roundTrip = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    queue.callIn(ROUND_TRIP_MS, resolve);
    return promise;
  };
  const exchange = async (process: number, own: StartFigures) => {
    await roundTrip();
    const nowMs = queue.nowMs();
    rows.set(process, { seenMs: nowMs, figures: own });
    for (const [other, { seenMs }] of rows) if (seenMs < nowMs - SEEN_MS) rows.delete(other);
    const all = [...rows.values()].map(({ figures }) => figures);
    const windows = known(all.map(({ window }) => window));
    return {
      window: windows.length > 0 ? windows.reduce((sum, window) => sum + window, 0) / windows.length : undefined,
      latencyMs: quantile(known(all.map(({ latencyMs }) => latencyMs)), 0.5),
      idleLatencyMs: quantile(known(all.map(({ idleLatencyMs }) => idleLatencyMs)), 0.25),
      perSecond: all.reduce((sum, { perSecond }) => sum + perSecond, 0),
      periodMs: Math.max(...all.map(({ periodMs }) => periodMs)),
      processes: rows.size,
      place: [...rows.keys()].filter((other) => other < process).length / rows.size,
      clockMs: nowMs,
      isAwaited: nowMs - awaitedMs < AWAITED_MS,
    };
  };
  const tellAwaited = async () => {
    await roundTrip();
    awaitedMs = queue.nowMs();
  };
  return (process) => ({ exchange: (own) => exchange(process, own), tellAwaited });
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

/** The least value that is not below this share of all, as PostgreSQL's `percentile_disc`. */
function quantile(values: readonly number[], share: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
}
