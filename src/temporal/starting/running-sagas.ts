/** A saga that was started and whose outcome has not been seen. */
export interface RunningSaga {
  readonly startedMs: number;
  /** Whether somebody waits for it. */
  readonly isAwaited: boolean;
  /** Whether Temporal was idle when it was started. */
  readonly wasIdle: boolean;
}

/** A saga that takes so many times the usual latency waits for a service, or its change was not announced: it gives up its slot. */
const LATENCIES_UNTIL_GIVEN_UP = 8;

/** Listeners look again after a second for hints that were lost. */
const LEAST_MS = 1_000;

/** Longer than this no saga of an engine that works is without a change. */
const MOST_MS = 30_000;

/** The sagas under way, oldest first. */
export function createRunningSagas() {
  const sagas = new Map<string, RunningSaga>();
  let awaited = 0;
  const remove = (orderId: string): RunningSaga | undefined => {
    const saga = sagas.get(orderId);
    if (saga?.isAwaited) awaited -= 1;
    sagas.delete(orderId);
    return saga;
  };
  return {
    /** How many are under way: all, or those that somebody waits for, or the others. */
    count: (isAwaited?: boolean): number => {
      if (isAwaited === undefined) return sagas.size;
      return isAwaited ? awaited : sagas.size - awaited;
    },
    oldestStartMs: (): number => sagas.values().next().value?.startedMs ?? Infinity,
    add: (orderId: string, saga: RunningSaga): void => {
      remove(orderId);
      if (saga.isAwaited) awaited += 1;
      sagas.set(orderId, saga);
    },
    remove,
    /** Removes those that took too long, measured by the usual latency. */
    giveUp: (latencyMs: number, nowMs: number): void => {
      const limitMs = Math.min(MOST_MS, Math.max(LEAST_MS, LATENCIES_UNTIL_GIVEN_UP * latencyMs));
      for (const [orderId, { startedMs }] of sagas) {
        if (nowMs - startedMs < limitMs) break;
        remove(orderId);
      }
    },
    clear: (): void => {
      sagas.clear();
      awaited = 0;
    },
  };
}
