import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** How much of a limit is used. */
export interface RateLimitState {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until the whole limit is there again. */
  readonly resetMs: number;
}

/** Counts what somebody does, with everybody else who counts in the same database. */
export interface RateLimiter {
  readonly perMinute: number;
  /** Counts one more. Never rejects: without the database every process counts for itself. */
  readonly count: (key: string) => Promise<RateLimitState>;
}

/** The window in which callers are counted. */
export const RATE_LIMIT_WINDOW_SECONDS = 60;

/** A limiter of `perMinute`, by one statement a count; whoever exceeded it is refused from memory until the window is over. */
export function createRateLimiter(pool: Pool, perMinute: number): RateLimiter {
  const window = { points: perMinute, duration: RATE_LIMIT_WINDOW_SECONDS };
  const limiter = new RateLimiterPostgres({
    ...window,
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: '',
    // Not before the limit is exceeded: the last request within it is still one that passes.
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
