import type { Logger } from '../logger.ts';
import { createOrderCache, type OrderCache } from './order-cache.ts';
import { openRedis, type Redis } from './open-redis.ts';

/** Redis, and the copies of orders in it. */
export interface Copies extends Pick<OrderCache, 'forget'> {
  readonly redis: Redis;
  readonly orders: OrderCache;
  readonly close: () => Promise<void>;
}

/** Hears of orders that may have changed. */
export interface Changes {
  readonly watchAll: (watcher: { onChanged: (orderId: string) => void; onMissed: () => void }) => void;
}

/** Opens the copies at `url`, if there is one. None is accepted of an order that has changed, as soon as `changes` tells of it. */
export async function openCopies(
  url: string | undefined,
  changes: Changes,
  logger: Logger,
): Promise<Copies | undefined> {
  const redis = await openRedis(url, logger);
  if (!redis) return undefined;
  const orders = createOrderCache(redis);
  // What was missed is bounded by the lifetime of a copy.
  changes.watchAll({ onChanged: orders.distrust, onMissed: () => {} });
  return { redis, orders, forget: orders.forget, close: redis.close };
}
