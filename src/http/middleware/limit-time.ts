import type { MiddlewareHandler } from 'hono';
import { ProblemError } from '../problems/problem.ts';

/**
 * Everything that a handler waits for has a timeout of its own; the longest are half a minute for its turn and half a minute
 * for an order's outcome. A handler that takes longer is stuck.
 */
const MAX_ANSWER_MS = 90_000;

/** Answers UNAVAILABLE when the answer does not begin in time; a stream that has begun is not limited. */
export function limitTime(maxMs = MAX_ANSWER_MS): MiddlewareHandler {
  return async (_, next) => {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => {
          reject(
            new ProblemError('UNAVAILABLE', 'This takes too long right now.', { headers: { 'Retry-After': '5' } }),
          );
        }, maxMs);
        next().then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
    }
  };
}
