import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Redis } from '../redis/open-redis.ts';

/** How much of a limit is left. */
export interface RateLimitState {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until the whole limit is available again. */
  readonly resetMs: number;
}

/** Counts requests by key; all processes that use the same database, or the same Redis server, share the counts. */
export interface RateLimiter {
  readonly perMinute: number;
  /** Counts one request. Never rejects: while the database is unavailable each process counts for itself. */
  readonly count: (key: string) => Promise<RateLimitState>;
}

/** The window in which callers are counted. */
export const RATE_LIMIT_WINDOW_SECONDS = 60;

/** A limiter of `perMinute` requests; a count takes one statement, or one command where there is Redis, and a key over its limit is refused from memory until the window ends. */
export function createRateLimiter(pool: Pool, perMinute: number, redis?: Redis): RateLimiter {
  const window = { points: perMinute, duration: RATE_LIMIT_WINDOW_SECONDS };
  // Blocks only above the limit: the last request within it still passes.
  const shared = { ...window, inMemoryBlockOnConsumed: perMinute + 1 };
  const inDatabase = new RateLimiterPostgres({
    ...shared,
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: '',
    insuranceLimiter: new RateLimiterMemory({ ...window, keyPrefix: '' }),
  });
  const limiter = redis ? limitIn(redis, { ...shared, insuranceLimiter: inDatabase }) : inDatabase;
  return {
    perMinute,
    count: async (key) => {
      try {
        return stateOf(await limiter.consume(key), false);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return stateOf(refusal, true);
        throw refusal;
      }
    },
  };
}

/** What the limiter asks of its client. */
type Evaluate = (script: string, options: { keys: string[]; arguments: string[] }) => Promise<unknown>;

function limitIn(redis: Redis, options: Omit<ConstructorParameters<typeof RateLimiterRedis>[0], 'storeClient'>) {
  const evaluate: Evaluate = (script, given) => redis.ask((client) => client.eval(script, given));
  return new RateLimiterRedis({
    ...options,
    storeClient: { eval: evaluate },
    useRedisPackage: true,
    keyPrefix: 'order-saga:requests',
  });
}

function stateOf({ remainingPoints, msBeforeNext }: RateLimiterRes, isExceeded: boolean): RateLimitState {
  return { isExceeded, remaining: isExceeded ? 0 : remainingPoints, resetMs: msBeforeNext };
}
