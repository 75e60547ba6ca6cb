import type { Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { ORDER_CHANGED } from './channels.ts';

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

/**
 * Announces changes by NOTIFY; changes that arrive while a statement runs share the next one. Copies of the orders are removed first, so that
 * nobody who is told of a change reads an older copy.
 */
export function createAnnouncer(pool: Pool, logger: Logger, copies?: OrderCopies): OrderAnnouncer {
  const waiting = new Set<string>();
  let flushing = false;
  const flush = async () => {
    flushing = true;
    while (waiting.size > 0) {
      const ids = [...waiting].slice(0, IDS_PER_NOTIFY);
      for (const id of ids) waiting.delete(id);
      await copies?.forget(ids);
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
