import type { Logger } from '../logger.ts';
import { listenOnChannels } from './channel-listener.ts';
import { EVENTS_WRITTEN, ORDER_CHANGED, ORDER_EVENTS } from './channels.ts';

/** Hears of every order that may have changed. */
export interface OrderWatcher {
  /** `eventId` is there when the hint is about one published event, otherwise anything may have changed. */
  readonly onChanged: (orderId: string, eventId?: number) => void;
  /** Hints may have been missed: the connection was lost for a while. */
  readonly onMissed: () => void;
}

/** Waits for orders to change, instead of polling; a process has one connection for everything that it listens to. */
export interface OrderChanges {
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
  /** Tells `watcher` of changes until closed: of each soon after its commit, and once more when its event is published. */
  readonly watch: (watcher: OrderWatcher) => void;
  /** Tells `watcher` of changes from each call of the returned function on, for half a minute, and not of events that are published. */
  readonly watchOnDemand: (watcher: OrderWatcher) => () => void;
  /** Calls `onWritten` soon after events were written, by each process that writes twenty times a second at most, until the returned function is called. */
  readonly watchEvents: (onWritten: () => void) => () => void;
  /** Wakes those who wait for these orders in this process, without the way through PostgreSQL. */
  readonly wake: (orderIds: readonly string[]) => void;
  /** Ends every wait, now and from now on, with the value as it is read then. */
  readonly endWaits: () => void;
  readonly close: () => Promise<void>;
}

/** Without a hint a waiting reader looks again after this long: a hint can be lost, with its connection. */
const FALLBACK_POLL_MS = 1_000;

/** A process that starts sagas now and then does not change its channels each time. */
const ON_DEMAND_MS = 30_000;

/** How a process listens. */
export interface ListeningOptions {
  /** Whether it hears of all changes at all times. Every notification costs each process that hears it, so a worker hears only what it needs. */
  readonly isAlways: boolean;
}

/** Listens for hints until closed. */
export function listenForOrderChanges(
  databaseUrl: string,
  logger: Logger,
  { isAlways }: ListeningOptions = { isAlways: true },
): OrderChanges {
  const waits = createWaits();
  const watchers: OrderWatcher[] = [];
  const onDemand: OrderWatcher[] = [];
  const eventWatchers = createTellers();
  const update = () => {
    connection.listenOn(channels());
  };
  const demand = createLease(ON_DEMAND_MS, update);
  const hearsAll = () => isAlways || watchers.length > 0;
  const channels = () => [
    ...(hearsAll() || demand.holds() ? [ORDER_CHANGED] : []),
    ...(hearsAll() ? [ORDER_EVENTS] : []),
    ...(eventWatchers.any() ? [EVENTS_WRITTEN] : []),
  ];
  const onPayload = (payload: string, channel: string) => {
    if (channel === EVENTS_WRITTEN) eventWatchers.tell();
    else for (const entry of payload.split(',')) onEntry(entry, channel);
  };
  const onEntry = (entry: string, channel: string) => {
    const [orderId = '', eventId] = entry.split(':');
    if (channel === ORDER_CHANGED) {
      waits.wake([orderId]);
      for (const watcher of onDemand) watcher.onChanged(orderId);
    }
    for (const watcher of watchers) watcher.onChanged(orderId, eventId === undefined ? undefined : Number(eventId));
  };
  const onMissed = () => {
    for (const watcher of [...watchers, ...onDemand]) watcher.onMissed();
    eventWatchers.tell();
  };
  const connection = listenOnChannels(databaseUrl, { channels: channels(), onPayload, onMissed }, logger);
  return {
    waitFor: waits.waitFor,
    watch: (watcher) => {
      watchers.push(watcher);
      update();
    },
    watchOnDemand: (watcher) => {
      onDemand.push(watcher);
      return demand.renew;
    },
    watchEvents: (tell) => {
      const remove = eventWatchers.add(tell);
      update();
      return () => {
        remove();
        update();
      };
    },
    wake: waits.wake,
    endWaits: waits.end,
    close: () => connection.close(),
  };
}

/** Those who are told that events were written. */
function createTellers() {
  const told = new Set<() => void>();
  return {
    any: () => told.size > 0,
    tell: () => {
      for (const one of told) one();
    },
    add: (one: () => void) => {
      told.add(one);
      return () => told.delete(one);
    },
  };
}

/** Something that holds for `timeMs` after each renewal; `onChange` is called when it begins and when it is over. */
function createLease(timeMs: number, onChange: () => void) {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => {
      timer = undefined;
      onChange();
    }, timeMs).unref();
    onChange();
  };
  return {
    holds: () => timer !== undefined,
    renew: () => {
      if (timer) timer.refresh();
      else begin();
    },
  };
}

/** Those who wait for orders to change. */
function createWaits(): Pick<OrderChanges, 'waitFor' | 'wake'> & {
  readonly end: () => void;
} {
  const waiters = new Map<string, Set<() => void>>();
  let areEnded = false;
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
    end: () => {
      areEnded = true;
      for (const ofOrder of waiters.values()) for (const wakeOne of ofOrder) wakeOne();
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
