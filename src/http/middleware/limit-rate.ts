import { isIPv6 } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { RATE_LIMIT_WINDOW_SECONDS, type RateLimiter, type RateLimitState } from '../../repositories/rate-limits.ts';
import type { CallerEnv } from '../api.ts';
import { ProblemError } from '../problems/problem.ts';
import { hasRole, type Caller } from '../../domain/caller.ts';

/** Throws RATE_LIMITED for who asks too much; see `RATE_LIMIT`. */
export interface RateLimits {
  /** Counts a request of a caller. Machines with the role `service` are trusted with their own pace. */
  readonly countRequest: (c: Context<CallerEnv>, caller: Caller) => Promise<void>;
  /** Counts an attempt to come in without a token that is or was good; who has one is not held up by others at the same address. */
  readonly countFailure: (c: Context<CallerEnv>) => Promise<void>;
}

/** The limits by a limiter; without one nobody is limited. */
export function createRateLimits(limiter: RateLimiter | undefined): RateLimits {
  const count = async (c: Context<CallerEnv>, policy: 'user' | 'failures', who: string) => {
    if (!limiter) return;
    const state = await limiter.count(`${policy}:${who}`);
    describe(c, policy, limiter.perMinute, state);
    if (state.isExceeded) throw limited(policy, limiter.perMinute, state);
  };
  return {
    countRequest: async (c, caller) => {
      if (!hasRole(caller, ['service'])) await count(c, 'user', caller.subject);
    },
    countFailure: (c) => count(c, 'failures', addressOf(c)),
  };
}

/** The headers of draft-ietf-httpapi-ratelimit-headers. */
function describe(c: Context, policy: string, perMinute: number, { remaining, resetMs }: RateLimitState): void {
  c.header('RateLimit-Policy', `"${policy}";q=${perMinute};w=${RATE_LIMIT_WINDOW_SECONDS}`);
  c.header('RateLimit', `"${policy}";r=${remaining};t=${seconds(resetMs)}`);
}

function limited(policy: 'user' | 'failures', perMinute: number, { resetMs }: RateLimitState): ProblemError {
  const what = policy === 'user' ? 'requests of one user' : 'failures to authenticate from one address';
  return new ProblemError('RATE_LIMITED', `At most ${perMinute} ${what} a minute are answered.`, {
    headers: { 'Retry-After': String(Math.max(1, seconds(resetMs))) },
  });
}

function seconds(durationMs: number): number {
  return Math.ceil(durationMs / 1_000);
}

/** The address that a request comes from; of IPv6 the network, of which one person has every address. */
export function addressOf({ env }: Context): string {
  const address = (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? 'unknown';
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail = ''] = address.split('%', 1)[0]!.split('::');
  const groups = [head, tail].map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - groups.flat().length }, () => '0');
  return [...groups[0]!, ...zeros, ...groups[1]!].slice(0, 4).join(':');
}
