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

/** A statement of this size takes some ten milliseconds; a crowd is not sooner through with larger ones. */
const MAX_GROUP = 64;

/** One is being written while the next one is on its way; each takes a connection that others want as well. */
const MAX_CONCURRENT_GROUPS = 2;

/**
 * Accepts the order as `acceptOrder` does, with one statement and one commit for all that come at about the same time.
 * An order that can't be written harms no other: each of its group is then written by itself.
 */
export async function acceptOrderInGroup(
  db: Db,
  order: NewOrder,
  key: IdempotencyKey | null,
): Promise<Order | undefined> {
  // Who takes a coupon waits for the others who do; nobody else has to.
  const { plain, withCoupon } = groupsOn(db);
  return (order.couponCode === null ? plain : withCoupon)({ order, key });
}

/** The order that was accepted under this subject's key, if any; looked up together with other keys. */
export async function findKeyedOrderInGroup(db: Db, { subject, key }: IdempotencyKey): Promise<KeyedOrder | undefined> {
  return groupsOn(db).keys({ subject, key });
}

/** Of a crowd, so many share a statement and a commit that the time for all of them is spent on the orders and not on the rest. */
const GROUP_SPACING_MS = 15;

/** The order as accepted, `undefined` when its key is taken, or the error with which `acceptOrder` rejects. */
type Outcome = Order | undefined | Error;

/** What waits for its turn. */
const groupsOn = onePerDatabase((db) => {
  const limits = { maxConcurrent: MAX_CONCURRENT_GROUPS, maxSize: MAX_GROUP, spacingMs: GROUP_SPACING_MS };
  const accept = (group: readonly Acceptance[]) => acceptGroup(db, group);
  return {
    plain: batchCalls(limits, accept),
    withCoupon: batchCalls(limits, accept),
    keys: batchCalls(limits, (keys: readonly Pick<IdempotencyKey, 'subject' | 'key'>[]) => findKeyedOrders(db, keys)),
  };
});

async function acceptGroup(db: Db, group: readonly Acceptance[]): Promise<readonly Outcome[]> {
  if (group.length > 1) {
    try {
      return await acceptOrders(db, group);
    } catch (error) {
      if (!isDueToContent(error)) throw error;
    }
  }
  const outcomes: Outcome[] = [];
  for (const { order, key } of group) outcomes.push(await resultOrError(acceptOrder(db, order, key)));
  return outcomes;
}

/**
 * Whether the database refused what the statement held: a value, a constraint, a coupon, a deadlock. Nothing was written then,
 * and most of it can be; a database that is away would keep each order waiting in turn.
 */
function isDueToContent(error: unknown): boolean {
  if (error instanceof CouponRefusedError) return true;
  return error instanceof Error && 'code' in error && /^(22|23|40P01)/.test(String(error.code));
}
