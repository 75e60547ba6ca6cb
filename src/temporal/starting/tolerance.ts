/** When sagas have taken far too long for so many rounds, Temporal may have become slower, which shows soonest with few of them under way. */
const LONG_ROUNDS = 2;
const CAREFUL_MS = 6_000;

/** How much longer than on an idle Temporal a saga may take, as factors above 1. */
export interface ToleranceSettings {
  /** While clients wait for the outcome of sagas. */
  readonly tolerance: number;
  /** While only orders of a backlog are started. */
  readonly backlogTolerance: number;
}

/** The tolerance in force: `backlogTolerance` while no client waits, unless sagas have just taken far too long; `tolerance` otherwise. */
export function createTolerance({ tolerance, backlogTolerance }: ToleranceSettings) {
  let current = tolerance;
  let carefulUntilMs = -Infinity;
  return {
    current: () => current,
    isOfBacklog: () => current > tolerance,
    /** Sets it by whether somebody waits, and returns by what factor it has changed. */
    set: (isAwaited: boolean, nowMs: number): number => {
      const before = current;
      current = isAwaited || nowMs < carefulUntilMs ? tolerance : Math.max(tolerance, backlogTolerance);
      return current / before;
    },
    /** Tells it for how many rounds sagas have taken far too long. */
    countLong: (rounds: number, nowMs: number): void => {
      if (rounds >= LONG_ROUNDS) carefulUntilMs = nowMs + CAREFUL_MS;
    },
  };
}
