/** Sagas that ended last; what they took at the median is what one takes now, however long a few wait for a service. The first ones count as quick. */
const REMEMBERED = 15;

/** So many times the least at most: what takes longer waits for something else. */
const MOST_TIMES = 5;

/** Temporal takes no longer timeouts, https://docs.temporal.io/encyclopedia/detecting-workflow-failures#workflow-task-timeout. */
const LONGEST_MS = 120_000;

/** How long a worker may take for one task of an order's workflow, before it counts as dead. */
export interface TaskTimeout {
  /** Counts a saga that has ended. */
  readonly count: (latencyMs: number) => void;
  /** The timeout for a saga that starts now. */
  readonly timeoutMs: () => number;
}

/**
 * As long as sagas take at present, and `leastMs` at least. On a machine that is too slow for its orders every task would be given up and done
 * again otherwise, which keeps it busier still; on any other one a worker that dies is missed no later.
 */
export function createTaskTimeout(leastMs: number): TaskTimeout {
  const latestMs = Array.from({ length: REMEMBERED }, () => 0);
  return {
    count: (latencyMs) => {
      latestMs.push(latencyMs);
      latestMs.shift();
    },
    timeoutMs: () => {
      const medianMs = latestMs.toSorted((a, b) => a - b)[Math.floor(REMEMBERED / 2)] ?? 0;
      return Math.round(Math.min(LONGEST_MS, MOST_TIMES * leastMs, Math.max(leastMs, medianMs)));
    },
  };
}
