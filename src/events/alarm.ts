/** Sleeps that can be shortened. */
export interface Alarm {
  /** Shortens the sleep that is under way, or the next one, to its least time. */
  readonly wake: () => void;
  /** Sleeps for `mostMs`, or for `leastMs` if woken; not at all once stopped. */
  readonly sleep: (leastMs: number, mostMs: number) => Promise<void>;
}

/** An alarm whose sleeps `signal` ends at once. */
export function createAlarm(signal: AbortSignal): Alarm {
  let woken = false;
  let endPause: (() => void) | undefined;
  const pause = (timeMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  signal.addEventListener('abort', () => endPause?.());
  return {
    wake: () => {
      woken = true;
      endPause?.();
    },
    sleep: async (leastMs, mostMs) => {
      const startedAt = performance.now();
      while (!signal.aborted) {
        const leftMs = startedAt + (woken ? leastMs : mostMs) - performance.now();
        if (leftMs <= 0) break;
        await pause(leftMs);
      }
      woken = false;
    },
  };
}
