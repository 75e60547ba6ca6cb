import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** How much of a limit is left. */
export interface RateLimitState {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until the whole limit is available again. */
  readonly resetMs: number;
}

/** Counts requests by key; all processes that use the same database share the counts. */
export interface RateLimiter {
  readonly perMinute: number;
  /** Counts one request. Never rejects: while the database is unavailable each process counts for itself. */
  readonly count: (key: string) => Promise<RateLimitState>;
}

/** The window in which callers are counted. */
export const RATE_LIMIT_WINDOW_SECONDS = 60;

/** A limiter of `perMinute` requests; a count takes one statement, and a key over its limit is refused from memory until the window ends. */
export function createRateLimiter(pool: Pool, perMinute: number): RateLimiter {
  const window = { points: perMinute, duration: RATE_LIMIT_WINDOW_SECONDS };
  const limiter = new RateLimiterPostgres({
    ...window,
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: '',
    // Blocks only above the limit: the last request within it still passes.
    inMemoryBlockOnConsumed: perMinute + 1,
    insuranceLimiter: new RateLimiterMemory({ ...window, keyPrefix: '' }),
  });
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

function stateOf({ remainingPoints, msBeforeNext }: RateLimiterRes, isExceeded: boolean): RateLimitState {
  return { isExceeded, remaining: isExceeded ? 0 : remainingPoints, resetMs: msBeforeNext };
}
