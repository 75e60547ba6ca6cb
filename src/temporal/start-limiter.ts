/** Tells of orders that may have changed; with an `eventId` it only repeats that an event is published. */
export interface OrderHints {
  readonly watch: (watcher: {
    readonly onChanged: (orderId: string, eventId?: number) => void;
    readonly onMissed: () => void;
  }) => void;
}

/** Limits how many sagas this process has started whose outcome it has not seen yet. */
export interface StartLimiter {
  /** Counts an order that came in: the more come in, the fewer sagas start beside them. */
  readonly countOrder: () => void;
  /** Takes a slot for a saga if one is free; sagas that somebody waits for have slots of their own. */
  readonly tryAcquire: (orderId: string, isAwaited: boolean) => boolean;
  /** Takes a slot as soon as one is free, before those who ask later; resolves with `false` when none is until `deadlineMs`. */
  readonly acquire: (orderId: string, deadlineMs: number) => Promise<boolean>;
  /** Frees the slot. */
  readonly release: (orderId: string) => void;
  /** How many sagas are under way, how many may be, and how many wait for a slot. */
  readonly count: () => { readonly inFlight: number; readonly limit: number; readonly waiting: number };
}

/** Sagas at once that keep a Temporal on two cores busy; more are not faster, and their tasks run into time limits. */
const MAX_UNDER_WAY = 32;

/** Sagas at once that somebody waits for; more would make all of them wait too long. They take no slots from the others. */
const MAX_AWAITED = 64;

/** Orders a second above which fewer sagas start: twice what Temporal takes on a small machine. */
const BUSY_ORDERS_PER_SECOND = 100;

/** Sagas a second that such a machine runs when it does nothing else. */
const SAGAS_PER_SECOND = 45;

/** Accepting so many orders costs as much as one saga: an order takes over a millisecond, its saga some twenty. */
const ORDERS_PER_SAGA = 15;

/** Sagas a second that start however many orders come in. */
const LEAST_SAGAS_PER_SECOND = 2;

/** The rate of orders is averaged over this time, so that neither a handful at once nor a short pause counts. */
const RATE_WINDOW_MS = 1_000;

/** A saga takes a tenth of this. One that takes longer waits for a service, or its change was not announced: it loses its slot. */
const SLOT_LIMIT_MS = 1_000;

/** Limits the starting of sagas; slots become free when their orders are announced to have changed, or after a time. */
export function createStartLimiter(changes?: OrderHints): StartLimiter {
  const awaited = createSlots();
  const others = createSlots();
  const rate = createRate();
  let nextStartMs = 0;
  let waiting = 0;
  let freed = Promise.withResolvers<void>();
  const release = (orderId: string) => {
    awaited.free(orderId);
    if (!others.free(orderId)) return;
    freed.resolve();
    freed = Promise.withResolvers();
  };
  changes?.watch({
    // That an event is published says nothing new.
    onChanged: (orderId, eventId) => {
      if (eventId === undefined) release(orderId);
    },
    onMissed: () => {},
  });

  const tryAcquireOther = (orderId: string) => {
    const now = performance.now();
    if (now < nextStartMs || !others.take(orderId, MAX_UNDER_WAY)) return false;
    nextStartMs = now + pauseBetweenStarts(rate.perSecond());
    return true;
  };

  return {
    countOrder: rate.count,
    tryAcquire: (orderId, isAwaited) => {
      if (isAwaited) return awaited.take(orderId, MAX_AWAITED);
      return waiting === 0 && tryAcquireOther(orderId);
    },
    acquire: async (orderId, deadlineMs) => {
      waiting += 1;
      try {
        while (!tryAcquireOther(orderId)) {
          if (Date.now() >= deadlineMs) return false;
          await freedOrLater(freed.promise);
        }
        return true;
      } finally {
        waiting -= 1;
      }
    },
    release,
    count: () => ({ inFlight: awaited.count() + others.count(), limit: MAX_AWAITED + MAX_UNDER_WAY, waiting }),
  };
}

/** Pause between the starts of two sagas at this rate of orders. */
function pauseBetweenStarts(ordersPerSecond: number): number {
  if (ordersPerSecond <= BUSY_ORDERS_PER_SECOND) return 0;
  return 1_000 / Math.max(LEAST_SAGAS_PER_SECOND, SAGAS_PER_SECOND - ordersPerSecond / ORDERS_PER_SAGA);
}

/** Orders that each hold a slot, for {@link SLOT_LIMIT_MS} at most. */
function createSlots() {
  const takenMs = new Map<string, number>();
  const dropLapsed = () => {
    for (const [other, sinceMs] of takenMs) {
      if (performance.now() - sinceMs < SLOT_LIMIT_MS) break;
      takenMs.delete(other);
    }
  };
  return {
    count: () => {
      dropLapsed();
      return takenMs.size;
    },
    take: (orderId: string, slots: number): boolean => {
      dropLapsed();
      if (takenMs.size >= slots) return false;
      // The oldest stays first.
      takenMs.delete(orderId);
      takenMs.set(orderId, performance.now());
      return true;
    },
    free: (orderId: string): boolean => takenMs.delete(orderId),
  };
}

/** A slot also becomes free by the passing of time, which nobody announces. */
const CHECK_INTERVAL_MS = 50;

async function freedOrLater(freed: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CHECK_INTERVAL_MS);
  await Promise.race([freed, promise]);
  clearTimeout(timer);
}

/** A rate that decays by itself; when events come steadily it settles at their number per second. */
function createRate() {
  let value = 0;
  let atMs = performance.now();
  const decay = () => {
    const now = performance.now();
    value *= Math.exp((atMs - now) / RATE_WINDOW_MS);
    atMs = now;
  };
  return {
    count: () => {
      decay();
      value += 1_000 / RATE_WINDOW_MS;
    },
    perSecond: () => {
      decay();
      return value;
    },
  };
}
