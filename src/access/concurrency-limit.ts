import pLimit from 'p-limit';
import { RequestError } from './request-error.ts';

/** Runs work when it is its turn: only so much runs at a time, and the rest waits instead of failing. */
export type ConcurrencyLimit = <T>(work: () => Promise<T>) => Promise<T>;

/** The longest time that a client may ask to wait. Work that has waited this long for its turn is refused. */
const MAX_WAIT_MS = 30_000;

/**
 * Limits work to `width` at a time. Without a limit a burst of requests would wait for database connections and for the other
 * services until all of it times out. Rejects with UNAVAILABLE when the turn comes too late.
 */
export function limitConcurrency(width: number): ConcurrencyLimit {
  const limit = pLimit(width);
  return (work) => {
    const queuedAt = Date.now();
    return limit(() => {
      if (Date.now() - queuedAt <= MAX_WAIT_MS) return work();
      throw new RequestError('UNAVAILABLE', 'The service is overloaded; try again later.', { retryAfterSeconds: 5 });
    });
  };
}
