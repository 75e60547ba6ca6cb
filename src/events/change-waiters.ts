/** Those in this process who wait for orders to change. */
export interface ChangeWaiters {
  /**
   * Reads the order whenever it may have changed and resolves with the first value for which `settled` holds,
   * or with the last one read after `timeoutMs`. Rejects when a read does.
   */
  readonly waitFor: <T>(
    orderId: string,
    read: () => Promise<T>,
    settled: (value: T) => boolean,
    timeoutMs: number,
  ) => Promise<T>;
  /** Wakes those who wait for these orders in this process, without the way through PostgreSQL. */
  readonly wake: (orderIds: readonly string[]) => void;
  /** Wakes all. */
  readonly wakeAll: () => void;
  /** Ends every wait, now and from now on, with the value as it is read then. */
  readonly end: () => void;
}

/** Without a hint a waiting reader looks again after this long: a hint can be lost, with its connection. */
const FALLBACK_POLL_MS = 1_000;

/** Creates the list of those who wait, which is empty at first. */
export function createChangeWaiters(): ChangeWaiters {
  const waiters = new Map<string, Set<() => void>>();
  let areEnded = false;
  const wakeAll = () => {
    for (const ofOrder of waiters.values()) for (const wakeOne of ofOrder) wakeOne();
  };
  return {
    waitFor: async (orderId, read, settled, timeoutMs) => {
      const deadlineMs = Date.now() + timeoutMs;
      const leftMs = () => (areEnded ? 0 : deadlineMs - Date.now());
      const waiter = addWaiter(waiters, orderId);
      try {
        for (;;) {
          await waiter.nextChange(Math.min(FALLBACK_POLL_MS, leftMs()));
          const value = await read();
          // A timer may fire a millisecond early.
          if (settled(value) || leftMs() <= 1) return value;
        }
      } finally {
        waiter.remove();
      }
    },
    wake: (orderIds) => {
      for (const orderId of orderIds) for (const wakeOne of waiters.get(orderId) ?? []) wakeOne();
    },
    wakeAll,
    end: () => {
      areEnded = true;
      wakeAll();
    },
  };
}

function addWaiter(waiters: Map<string, Set<() => void>>, orderId: string) {
  let changed = false;
  let wake: (() => void) | undefined;
  const onChange = () => {
    changed = true;
    wake?.();
  };
  const ofOrder = waiters.get(orderId) ?? new Set();
  waiters.set(orderId, ofOrder.add(onChange));
  return {
    /** Resolves at the next change, at once if there was one since the last call, or after `timeoutMs`. */
    nextChange: async (timeoutMs: number) => {
      if (!changed && timeoutMs > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      changed = false;
    },
    remove: () => {
      ofOrder.delete(onChange);
      if (ofOrder.size === 0) waiters.delete(orderId);
    },
  };
}
