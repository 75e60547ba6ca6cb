import type { Import, ImportCounts, ImportFailure, ImportOrder, PlacedImportOrder } from '../domain/import.ts';
import { GatewayError } from '../gateways/gateway-error.ts';
import type { Logger } from '../logger.ts';
import { isDatabaseUnavailable } from '../repositories/database.ts';
import { countRange, findOpenImportOrders, type ImportRange } from '../repositories/import-orders.ts';
import type { Db } from '../repositories/schema.ts';
import { OutcomeJournal } from './outcome-journal.ts';
import type { PlaceImportOrder } from './place-import-order.ts';

/** A range of an import's orders, and how many of them may be open at once. */
export interface PlacingRange extends ImportRange {
  readonly inFlight: number;
}

/** What placing a range works with. */
export interface PlaceRangeDependencies {
  readonly db: Db;
  readonly logger: Logger;
  readonly placeOrder: PlaceImportOrder;
}

/** How often the placed orders are read: an order that goes well takes several times that. */
const UPDATE_INTERVAL_MS = 50;

/** After an abort, orders that are being placed get this long to be settled, so that their outcome is recorded. */
const GRACE_MS = 2_000;

/**
 * Places what is open of a range, `inFlight` orders at a time, and records what each comes to; returns how many are in which state.
 * Returns when all are settled or have taken too long, or soon after `signal` aborts. Rejects when a service or the database is away.
 */
export async function placeRange(
  { db, logger, placeOrder }: PlaceRangeDependencies,
  job: Import,
  range: PlacingRange,
  signal: AbortSignal,
): Promise<ImportCounts> {
  const waiting = await findOpenImportOrders(db, range);
  const journal = new OutcomeJournal(db, job.id);
  const placing = new Set<Promise<void>>();
  let unavailable: unknown;

  const begin = (order: ImportOrder) => {
    const running = place(order).finally(() => placing.delete(running));
    placing.add(running);
  };
  const place = async (order: ImportOrder) => {
    if (order.state === 'PLACED' && order.orderId !== null) return journal.watch(order.position, order.orderId);
    try {
      journal.note(order.position, await placeWithRetries({ placeOrder, logger }, job, order));
    } catch (error) {
      unavailable ??= error;
    }
  };
  const isStopping = () => unavailable !== undefined || signal.aborted;

  let deadlineMs = Number.POSITIVE_INFINITY;
  while (placing.size > 0 || journal.size > 0 || (!isStopping() && waiting.length > 0)) {
    while (!isStopping() && placing.size + journal.size < range.inFlight) {
      const order = waiting.shift();
      if (!order) break;
      begin(order);
    }
    if (isStopping()) deadlineMs = Math.min(deadlineMs, Date.now() + GRACE_MS);
    await Promise.race([pause(UPDATE_INTERVAL_MS), ...(journal.size === 0 ? placing : [])]);
    await journal.update();
    if (placing.size === 0 && Date.now() >= deadlineMs) break;
  }
  await journal.write();
  if (unavailable !== undefined && !signal.aborted) throw unavailable;
  return countRange(db, range);
}

/** Tries for an order whose placing fails for an unforeseen reason, so that it can't hold up all others. */
const MAX_TRIES = 3;

/** Rejects when a service or the database is away; any other error fails the order after {@link MAX_TRIES}. */
async function placeWithRetries(
  { placeOrder, logger }: Pick<PlaceRangeDependencies, 'placeOrder' | 'logger'>,
  job: Import,
  order: ImportOrder,
): Promise<PlacedImportOrder> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await placeOrder(job, order);
    } catch (error) {
      if (error instanceof GatewayError || isDatabaseUnavailable(error)) throw error;
      if (tries < MAX_TRIES) continue;
      logger.error({ err: error, import_id: job.id, position: order.position }, 'order of an import not placed');
      return { state: 'FAILED', orderId: null, failure: internalError };
    }
  }
}

const internalError: ImportFailure = {
  code: 'INTERNAL',
  message: 'Internal error; the logs say more. It is safe to send the order again.',
  details: [],
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
