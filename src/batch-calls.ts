import DataLoader from 'dataloader';

/** How large a batch may be, and how many may run at once. */
export interface BatchLimits {
  readonly maxConcurrent: number;
  readonly maxSize: number;
  /**
   * The least time between the starts of two batches, unless the next one is full: many callers then share fewer and larger batches,
   * and a single call still runs at once. 0 by default.
   */
  readonly spacingMs?: number;
  /**
   * With it the least time is so many times what batches take of late, up to `spacingMs`: a fast server then gets small batches and answers
   * soon, and a slow or busy one gets large ones, whose fixed costs are shared by more calls.
   */
  readonly spacingPerDuration?: number;
}

/**
 * Turns single calls into batches: calls that arrive while batches run, or while the next one is delayed, share the next batch. The work for an
 * entry always starts after its call, so no call gets a result that is older than itself.
 * `work` returns a result for each entry, in their order, or an Error for those that failed; when it rejects, its whole batch does.
 */
export function batchCalls<Entry, Result>(
  limits: BatchLimits,
  work: (entries: readonly Entry[]) => Promise<readonly (Result | Error)[]>,
): (entry: Entry) => Promise<Result> {
  const schedule = createSchedule(limits);
  const run = async (entries: readonly Entry[]) => {
    const startedMs = performance.now();
    try {
      return await work(entries);
    } finally {
      schedule.onEnd(performance.now() - startedMs);
    }
  };
  // Without a cache, which would answer with what was true before the question.
  const options = { cache: false, maxBatchSize: limits.maxSize, batchScheduleFn: schedule.add };
  const loader = new DataLoader<Entry, Result>(run, options);
  return (entry) => loader.load(entry);
}

/** What one entry of a batch comes to when the others don't depend on it: the result, or the error with which `attempt` rejects. */
export async function resultOrError<Result>(attempt: Promise<Result>): Promise<Result | Error> {
  try {
    return await attempt;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The weight of the last batch in what batches take of late. */
const NEWEST_SHARE = 0.25;

/** Decides when batches start. DataLoader adds a batch at its first entry, and the next one when that is full or has started. */
function createSchedule({ maxConcurrent, spacingMs: mostMs = 0, spacingPerDuration }: BatchLimits) {
  const waiting: (() => void)[] = [];
  let running = 0;
  let durationMs = 0;
  let startedMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const startNext = () => {
    clearTimeout(timer);
    while (waiting.length > 0 && running < maxConcurrent) {
      const isFull = waiting.length > 1;
      const spacingMs = spacingPerDuration === undefined ? mostMs : Math.min(mostMs, spacingPerDuration * durationMs);
      const earlyMs = startedMs + spacingMs - performance.now();
      if (earlyMs > 0 && !isFull) {
        timer = setTimeout(startNext, earlyMs);
        return;
      }
      running += 1;
      startedMs = performance.now();
      waiting.shift()?.();
    }
  };
  return {
    add: (start: () => void) => {
      waiting.push(start);
      // After this turn of the event loop, so that all calls of one turn share a batch.
      setImmediate(startNext);
    },
    onEnd: (tookMs: number) => {
      running -= 1;
      durationMs += (tookMs - durationMs) * NEWEST_SHARE;
      startNext();
    },
  };
}
