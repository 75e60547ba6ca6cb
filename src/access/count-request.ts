import { RATE_LIMIT_WINDOW_SECONDS, type RateLimiter, type RateLimitState } from '../repositories/rate-limits.ts';
import { RequestError } from './request-error.ts';

/** The rate limiters: of callers and of requests whose token is refused, and of signed messages. What has no limiter is not limited. */
export interface RateLimiters {
  readonly users: RateLimiter | undefined;
  readonly webhooks: RateLimiter | undefined;
}

/** Who is limited: a user, an address that fails to authenticate, or an address that sends messages. */
export type RatePolicy = 'user' | 'failures' | 'webhooks';

/** How much is left of a limit. */
export interface RateCount extends RateLimitState {
  readonly perMinute: number;
}

/** Counts a request of `who`; answers what is left, or nothing where there is no limit. Throws RATE_LIMITED beyond it. */
export async function countRequest(
  { users, webhooks }: RateLimiters,
  policy: RatePolicy,
  who: string,
): Promise<RateCount | undefined> {
  const limiter = policy === 'webhooks' ? webhooks : users;
  if (!limiter) return undefined;
  // No policy has a colon, so that no two subjects or addresses share a count.
  const state = await limiter.count(`${policy}:${who}`);
  if (state.isExceeded) throw limited(policy, limiter.perMinute, state);
  return { ...state, perMinute: limiter.perMinute };
}

const counted: Readonly<Record<RatePolicy, string>> = {
  user: 'requests of one user',
  failures: 'failures to authenticate from one address',
  webhooks: 'messages from one address',
};

function limited(policy: RatePolicy, perMinute: number, { resetMs }: RateLimitState): RequestError {
  const resetSeconds = Math.ceil(resetMs / 1_000);
  return new RequestError('RATE_LIMITED', `At most ${perMinute} ${counted[policy]} a minute are answered.`, {
    retryAfterSeconds: Math.max(1, resetSeconds),
    limit: { policy, quota: perMinute, windowSeconds: RATE_LIMIT_WINDOW_SECONDS, resetSeconds },
  });
}
