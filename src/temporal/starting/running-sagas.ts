/** A saga that was started and whose outcome has not been seen. */
export interface RunningSaga {
  readonly startedMs: number;
  /** Whether somebody waits for it. */
  readonly isAwaited: boolean;
  /** When it takes no longer than this, Temporal was idle when it was started. */
  readonly idleLimitMs: number;
}

/** A saga that takes so many times the usual latency waits for a service, or its change was not announced: it gives up its slot. */
const LATENCIES_UNTIL_GIVEN_UP = 8;

/** When sagas that started so much later have ended, Temporal does work, and a saga gives up its slot. */
const OVERTAKEN_MS = 1_000;

/** While none ends, Temporal may only be slow: the sagas in it still count, but not for ever, since all of them may wait for one service. */
const SILENT_MS = { least: 5_000, most: 30_000 };

/** The sagas under way, oldest first. */
export function createRunningSagas() {
  const sagas = new Map<string, RunningSaga>();
  let awaited = 0;
  let newestEndedMs = -Infinity;
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
    add: (orderId: string, saga: RunningSaga): void => {
      remove(orderId);
      if (saga.isAwaited) awaited += 1;
      sagas.set(orderId, saga);
    },
    remove,
    /** Removes one that has ended. */
    end: (orderId: string): RunningSaga | undefined => {
      const saga = remove(orderId);
      if (saga) newestEndedMs = Math.max(newestEndedMs, saga.startedMs);
      return saga;
    },
    /** Removes those that took too long, measured by the usual latency, and returns whether nothing has overtaken one of them. */
    giveUp: (latencyMs: number, nowMs: number): boolean => {
      const tooLongMs = LATENCIES_UNTIL_GIVEN_UP * latencyMs;
      const overtakenMs = newestEndedMs - Math.max(OVERTAKEN_MS, tooLongMs);
      const silentMs = nowMs - Math.min(SILENT_MS.most, Math.max(SILENT_MS.least, tooLongMs));
      let isSilent = false;
      for (const [orderId, { startedMs }] of sagas) {
        if (startedMs > overtakenMs && startedMs > silentMs) break;
        remove(orderId);
        isSilent ||= startedMs > overtakenMs;
      }
      return isSilent;
    },
    clear: (): void => {
      sagas.clear();
      awaited = 0;
    },
  };
}
