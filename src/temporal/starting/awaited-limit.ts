/** How many sagas that somebody waits for start at once before anything is known: as TCP's first packets (RFC 6928). */
const INITIAL_LIMIT = 10;

/** The limit changes at most this often. */
const ROUND_MS = 500;

/**
 * The most sagas under way that somebody waits for: as many as are done within `targetMs`. Others would be waited for in vain.
 */
export function createAwaitedLimit(targetMs: number, ceiling: number) {
  let limit = Math.min(ceiling, INITIAL_LIMIT);
  let wasReached = false;
  let adjustedMs = -Infinity;
  let latencies: number[] = [];

  const adjust = (nowMs: number) => {
    const sorted = latencies.toSorted((a, b) => a - b);
    const latencyMs = sorted[Math.floor(sorted.length / 2)];
    if (latencyMs === undefined || nowMs - adjustedMs < ROUND_MS) return;
    const factor = Math.min(2, Math.max(0.5, targetMs / Math.max(1, latencyMs)));
    if (factor < 1 || wasReached) limit = Math.min(ceiling, Math.max(1, limit * factor));
    latencies = [];
    wasReached = false;
    adjustedMs = nowMs;
  };

  return {
    size: (): number => Math.floor(limit),
    /** Whether one more may start beside `underWay` others. */
    allows: (underWay: number): boolean => {
      const isAllowed = underWay < Math.floor(limit);
      wasReached ||= !isAllowed;
      return isAllowed;
    },
    /** Counts one that has ended; those that started before the limit was last changed say nothing of it. */
    count: (startedMs: number, nowMs: number): void => {
      if (startedMs < adjustedMs) return;
      latencies.push(nowMs - startedMs);
      adjust(nowMs);
    },
  };
}
