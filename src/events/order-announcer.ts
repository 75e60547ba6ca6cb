import type { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { EVENTS_WRITTEN, ORDER_CHANGED } from './channels.ts';

/** A payload of NOTIFY is shorter than 8000 bytes, and an id with its comma takes 37. */
const IDS_PER_NOTIFY = 200;

/** Tells every process that an order has changed, after the commit. A hint: a lost one delays its listeners by a second. */
export interface OrderAnnouncer {
  readonly announce: (orderId: string) => void;
}

/** Where copies of orders are held. */
export interface OrderCopies {
  /** Removes the copies of the orders. Never rejects. */
  readonly forget: (orderIds: readonly string[]) => Promise<void>;
}

/** The process that publishes hears of it. A receiver should have an event within 100 ms; this is the part that a busy moment's events may share. */
const EVENTS_WRITTEN_MS = 50;

/** What else is told of a change. */
export interface AnnouncerOptions {
  readonly copies?: OrderCopies | undefined;
  /** Those who wait in this process, who hear of it first. */
  readonly wake?: (orderIds: readonly string[]) => void;
}

/**
 * Announces changes by NOTIFY; changes that arrive while a statement runs share the next one. Copies of the orders are removed first, so that
 * nobody who is told of a change reads an older copy.
 */
export function createAnnouncer(pool: Pool, logger: Logger, { copies, wake }: AnnouncerOptions = {}): OrderAnnouncer {
  const waiting = new Set<string>();
  const events = createThrottle(EVENTS_WRITTEN_MS, () => void notify(logger, pool, { [EVENTS_WRITTEN]: '' }));
  let flushing = false;
  const flush = async () => {
    flushing = true;
    while (waiting.size > 0) {
      const ids = [...waiting].slice(0, IDS_PER_NOTIFY);
      for (const id of ids) waiting.delete(id);
      await copies?.forget(ids);
      wake?.(ids);
      await notify(logger, pool, { [ORDER_CHANGED]: ids.join(','), ...(events.isDue() && { [EVENTS_WRITTEN]: '' }) });
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

async function notify(logger: Logger, pool: Pool, payloads: Readonly<Record<string, string>>): Promise<void> {
  try {
    await pool.query({
      name: 'announce',
      text: 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as told(channel, payload)',
      values: [Object.keys(payloads), Object.values(payloads)],
    });
  } catch (error) {
    logger.debug({ err: error }, 'change not announced');
  }
}

/** Says whether something is due that may happen every `intervalMs`; what was not due then is done by `later`. */
function createThrottle(intervalMs: number, later: () => void) {
  let doneMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  return {
    isDue: (): boolean => {
      const leftMs = doneMs + intervalMs - performance.now();
      if (leftMs > 0) {
        timer ??= setTimeout(() => {
          timer = undefined;
          doneMs = performance.now();
          later();
        }, leftMs).unref();
        return false;
      }
      // A timer that is late, since the process was busy, has nothing left to do.
      clearTimeout(timer);
      timer = undefined;
      doneMs = performance.now();
      return true;
    },
  };
}
