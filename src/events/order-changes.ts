import type { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { listenOn } from './listen.ts';

/** The channel on which changes are announced: ids of orders, separated by commas. */
export const ORDER_CHANGED = 'order_changed';

/** The channel on which live listeners hear of published events: `<order id>:<event id>`, separated by commas; the outbox has the rest. */
export const ORDER_EVENTS = 'order_events';

/** A payload of NOTIFY is shorter than 8000 bytes, and an id with its comma takes 37. */
const IDS_PER_NOTIFY = 200;

/** Tells every process that an order has changed. A hint: nothing is lost when it gets lost. */
export interface OrderAnnouncer {
  readonly announce: (orderId: string) => void;
}

/**
 * Announces changes by NOTIFY in a statement of its own, all that gather while one is under way together:
 * inside the writing transaction each commit would take a lock of the whole server.
 */
export function createAnnouncer(pool: Pool, logger: Logger): OrderAnnouncer {
  const waiting = new Set<string>();
  let flushing = false;
  const flush = async () => {
    flushing = true;
    while (waiting.size > 0) {
      const ids = [...waiting].slice(0, IDS_PER_NOTIFY);
      for (const id of ids) waiting.delete(id);
      try {
        await pool.query({
          name: 'announce',
          text: 'select pg_notify($1, $2)',
          values: [ORDER_CHANGED, ids.join(',')],
        });
      } catch (error) {
        logger.debug({ err: error }, 'change not announced');
      }
    }
    flushing = false;
  };
  return {
    announce: (orderId) => {
      waiting.add(orderId);
      if (!flushing) void flush();
    },
  };
}

/** Someone who wants to hear of every order that may have changed. */
export interface OrderWatcher {
  /** `eventId` is there when the hint speaks of one event, and not of whatever there may be. */
  readonly changed: (orderId: string, eventId?: number) => void;
  /** Anything may have changed unheard: the connection was lost for a while. */
  readonly missed: () => void;
}

/** Waits for orders to change, so that nobody has to poll for it; however many wait, the process has one connection for it. */
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
  readonly close: () => Promise<void>;
}

/** Without an announcement a waiting reader looks again after this long: an announcement can be lost, with its connection. */
const FALLBACK_POLL_MS = 1_000;

/** Listens for announcements, as long as it is not closed. */
export function listenForOrderChanges(databaseUrl: string, logger: Logger): OrderChanges {
  const listeners = new Map<string, Set<() => void>>();
  const watchers: OrderWatcher[] = [];
  const onPayload = (payload: string, channel: string) => {
    for (const entry of payload.split(',')) {
      const [orderId = '', eventId] = entry.split(':');
      if (channel === ORDER_CHANGED) for (const wake of listeners.get(orderId) ?? []) wake();
      for (const watcher of watchers) watcher.changed(orderId, eventId === undefined ? undefined : Number(eventId));
    }
  };
  const onMissed = () => {
    for (const watcher of watchers) watcher.missed();
  };
  const connection = listenOn(databaseUrl, { channels: [ORDER_CHANGED, ORDER_EVENTS], onPayload, onMissed }, logger);
  return {
    waitFor: async (orderId, read, settled, timeoutMs) => {
      const deadline = Date.now() + timeoutMs;
      const signal = subscribe(listeners, orderId);
      try {
        for (;;) {
          await signal.next(Math.min(FALLBACK_POLL_MS, deadline - Date.now()));
          const value = await read();
          // A timer may fire a millisecond early.
          if (settled(value) || Date.now() >= deadline - 1) return value;
        }
      } finally {
        signal.end();
      }
    },
    watch: (watcher) => {
      watchers.push(watcher);
    },
    close: () => connection.close(),
  };
}

function subscribe(listeners: Map<string, Set<() => void>>, orderId: string) {
  let changed = false;
  let wake: (() => void) | undefined;
  const listener = () => {
    changed = true;
    wake?.();
  };
  const own = listeners.get(orderId) ?? new Set();
  listeners.set(orderId, own.add(listener));
  return {
    /** Resolves at the next change, at once if there was one since the last call, or after `timeoutMs`. */
    next: async (timeoutMs: number) => {
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
    end: () => {
      own.delete(listener);
      if (own.size === 0) listeners.delete(orderId);
    },
  };
}
