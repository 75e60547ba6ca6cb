import { batchCalls, resultOrError } from '../batch-calls.ts';
import { CouponRefusedError } from '../domain/coupon.ts';
import type { NewOrder, Order } from '../domain/order.ts';
import {
  acceptOrder,
  acceptOrders,
  findKeyedOrders,
  type Acceptance,
  type IdempotencyKey,
  type KeyedOrder,
} from './accept-order.ts';
import { onePerDatabase } from './one-per-database.ts';
import type { Db } from './schema.ts';

/** A statement with this many orders takes some ten milliseconds; larger ones make nothing faster. */
const MAX_BATCH = 64;

/** One batch is written while the next one is sent. Each takes a connection of the pool, so no more than two. */
const MAX_CONCURRENT_BATCHES = 2;

/**
 * Accepts the order as `acceptOrder` does; concurrent calls share one statement and one commit.
 * If one of the orders can't be written, each order of its batch is written by itself.
 */
export async function acceptOrderInBatch(
  db: Db,
  order: NewOrder,
  key: IdempotencyKey | null,
): Promise<Order | undefined> {
  // Orders with the same coupon wait for each other's locks; orders without one are kept out of that.
  const { plain, withCoupon } = batchesOn(db);
  return (order.couponCode === null ? plain : withCoupon)({ order, key });
}

/** The order that was accepted under this subject's key, if any; concurrent calls share one statement. */
export async function findKeyedOrderInBatch(db: Db, { subject, key }: IdempotencyKey): Promise<KeyedOrder | undefined> {
  return batchesOn(db).keys({ subject, key });
}

/**
 * Under load a batch begins after twice the time that batches take: so many orders share it that its fixed costs don't count, and accepting
 * leaves the database to others for most of the time.
 */
const SPACING_PER_DURATION = 2;

/** Nobody waits longer than this for the next batch to begin. On a slower database batches become larger because no more than two run at once. */
const MOST_SPACING_MS = 15;

/** The order as accepted, `undefined` when its key is taken, or the error with which `acceptOrder` rejects. */
type Outcome = Order | undefined | Error;

/** The batches that gather on each database. */
const batchesOn = onePerDatabase((db) => {
  const limits = {
    maxConcurrent: MAX_CONCURRENT_BATCHES,
    maxSize: MAX_BATCH,
    spacingMs: MOST_SPACING_MS,
    spacingPerDuration: SPACING_PER_DURATION,
  };
  const accept = (batch: readonly Acceptance[]) => acceptBatch(db, batch);
  return {
    plain: batchCalls(limits, accept),
    withCoupon: batchCalls(limits, accept),
    keys: batchCalls(limits, (keys: readonly Pick<IdempotencyKey, 'subject' | 'key'>[]) => findKeyedOrders(db, keys)),
  };
});

async function acceptBatch(db: Db, batch: readonly Acceptance[]): Promise<readonly Outcome[]> {
  if (batch.length > 1) {
    try {
      return await acceptOrders(db, batch);
    } catch (error) {
      if (!isDueToContent(error)) throw error;
    }
  }
  const outcomes: Outcome[] = [];
  for (const { order, key } of batch) outcomes.push(await resultOrError(acceptOrder(db, order, key)));
  return outcomes;
}

/**
 * Whether the database refused what the statement held: a value, a constraint, a coupon, a deadlock. Nothing was written then, and
 * most of the orders can be written by themselves. If the database is unavailable, each of them would only wait in turn.
 */
function isDueToContent(error: unknown): boolean {
  if (error instanceof CouponRefusedError) return true;
  return error instanceof Error && 'code' in error && /^(22|23|40P01)/.test(String(error.code));
}
