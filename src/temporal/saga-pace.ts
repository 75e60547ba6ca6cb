/** Tells of orders that may have changed; with an `eventId` it only repeats that an event is published. */
export interface OrderHints {
  readonly watch: (watcher: {
    readonly onChanged: (orderId: string, eventId?: number) => void;
    readonly onMissed: () => void;
  }) => void;
}

/** How many sagas this process has begun and not yet seen the outcome of; decides whether another one may begin. */
export interface SagaPace {
  /** Notes that an order came in: while many do, fewer sagas run beside them. */
  readonly noteOrder: () => void;
  /** Takes a place for a saga, unless there are too many under way; those for which somebody waits have places of their own. */
  readonly begin: (orderId: string, isAwaited: boolean) => boolean;
  /** Takes a place as soon as there is one, before those who come later; answers `false` when there is none until `deadlineMs`. */
  readonly turn: (orderId: string, deadlineMs: number) => Promise<boolean>;
  /** Gives the place back. */
  readonly end: (orderId: string) => void;
}

/** What two cores of engine are busy with; more at once are not faster, and so many tasks run into their time limits. */
const MAX_UNDER_WAY = 32;

/** Somebody waits for each of these: they may crowd the engine, up to where it would keep all of them waiting too long. They leave the others theirs. */
const MAX_AWAITED = 64;

/** Orders a second from which on they count as a crowd: twice what the engine of a small machine takes. */
const CROWD = 100;

/** Sagas a second that such a machine takes when it has nothing else to do. */
const SAGAS_PER_SECOND = 45;

/** An order costs more than a millisecond to take in where its saga costs some twenty: beside a crowd there is room for the fewer sagas. */
const ORDERS_PER_SAGA = 15;

/** So many begin beside the largest crowd. */
const LEAST_SAGAS_PER_SECOND = 2;

/** Over which the rate of orders is averaged, so that neither a handful at once nor a short lull counts. */
const RATE_WINDOW_MS = 1_000;

/** A saga takes a tenth of this. One that takes longer waits for another service, or its announcement was lost: it gives way. */
const PLACE_MS = 1_000;

/** Keeps the pace of the engine; places become free as orders are announced to have changed, or by the passing of time alone. */
export function createSagaPace(changes?: OrderHints): SagaPace {
  const awaited = createPlaces();
  const others = createPlaces();
  const rate = createRate();
  let nextMs = 0;
  let turnsWaiting = 0;
  let freed = Promise.withResolvers<void>();
  const end = (orderId: string) => {
    awaited.free(orderId);
    if (!others.free(orderId)) return;
    freed.resolve();
    freed = Promise.withResolvers();
  };
  changes?.watch({
    // An event that is published says nothing new.
    onChanged: (orderId, eventId) => {
      if (eventId === undefined) end(orderId);
    },
    onMissed: () => {},
  });

  const takeOther = (orderId: string) => {
    const now = performance.now();
    if (now < nextMs || !others.take(orderId, MAX_UNDER_WAY)) return false;
    nextMs = now + pauseBeside(rate.perSecond());
    return true;
  };

  return {
    noteOrder: rate.note,
    begin: (orderId, isAwaited) => {
      if (isAwaited) return awaited.take(orderId, MAX_AWAITED);
      return turnsWaiting === 0 && takeOther(orderId);
    },
    turn: async (orderId, deadlineMs) => {
      turnsWaiting += 1;
      try {
        while (!takeOther(orderId)) {
          if (Date.now() >= deadlineMs) return false;
          await soon(freed.promise);
        }
        return true;
      } finally {
        turnsWaiting -= 1;
      }
    },
    end,
  };
}

/** How long to wait between one saga and the next while so many orders a second come in. */
function pauseBeside(ordersPerSecond: number): number {
  if (ordersPerSecond <= CROWD) return 0;
  return 1_000 / Math.max(LEAST_SAGAS_PER_SECOND, SAGAS_PER_SECOND - ordersPerSecond / ORDERS_PER_SAGA);
}

/** Orders that each take one of a number of places, the longest for {@link PLACE_MS}. */
function createPlaces() {
  const takenMs = new Map<string, number>();
  return {
    take: (orderId: string, places: number): boolean => {
      for (const [other, sinceMs] of takenMs) {
        if (performance.now() - sinceMs < PLACE_MS) break;
        takenMs.delete(other);
      }
      if (takenMs.size >= places) return false;
      // The oldest stays first.
      takenMs.delete(orderId);
      takenMs.set(orderId, performance.now());
      return true;
    },
    free: (orderId: string): boolean => takenMs.delete(orderId),
  };
}

/** A place also becomes free by the passing of time, which announces nothing. */
const LOOK_AGAIN_MS = 50;

async function soon(freed: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LOOK_AGAIN_MS);
  await Promise.race([freed, promise]);
  clearTimeout(timer);
}

/** A rate that fades by itself; at a steady rate it comes to just that many a second. */
function createRate() {
  let value = 0;
  let atMs = performance.now();
  const fade = () => {
    const now = performance.now();
    value *= Math.exp((atMs - now) / RATE_WINDOW_MS);
    atMs = now;
  };
  return {
    note: () => {
      fade();
      value += 1_000 / RATE_WINDOW_MS;
    },
    perSecond: () => {
      fade();
      return value;
    },
  };
}
