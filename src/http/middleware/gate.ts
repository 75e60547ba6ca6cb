import pLimit from 'p-limit';
import { ProblemError } from '../problems/problem.ts';

/** Lets work through as fast as it can be done, and makes the rest wait instead of fail. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** As long as a client may ask to wait; whoever waited that long for the turn is told to come back. */
const MAX_WAIT_MS = 30_000;

/**
 * A gate for `width` at a time. A crowd beyond the database's connections would otherwise wait there and in the other
 * services, all of them until they time out. Rejects with UNAVAILABLE when the turn comes too late.
 */
export function createGate(width: number): Gate {
  const limit = pLimit(width);
  return (work) => {
    const queuedAt = Date.now();
    return limit(() => {
      if (Date.now() - queuedAt <= MAX_WAIT_MS) return work();
      throw new ProblemError('UNAVAILABLE', 'There is more to do right now than can be done.', {
        headers: { 'Retry-After': '5' },
      });
    });
  };
}
