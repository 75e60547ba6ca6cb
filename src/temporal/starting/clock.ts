/** A monotonic clock with timers. */
export interface Clock {
  readonly nowMs: () => number;
  /** Calls `run` after `delayMs`; returns what calls it off. */
  readonly callIn: (delayMs: number, run: () => void) => () => void;
}

/** The clock of this process; its timers keep no process running. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  callIn: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
