import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { RATE_LIMIT_WINDOW_SECONDS, type RateLimiter, type RateLimitState } from '../../repositories/rate-limits.ts';
import { ProblemError } from '../problems/problem.ts';
import { hasRole, type Caller } from '../../domain/caller.ts';
import type { CallerEnv } from '../env.ts';

/** Throws RATE_LIMITED when a user or an address sends too many requests; see `RATE_LIMIT`. */
export interface RateLimits {
  /** Counts a request of a caller. Callers with the role `service` are not limited. */
  readonly countRequest: (c: Context<CallerEnv>, caller: Caller) => Promise<void>;
  /** Counts an attempt to come in without a token that is or was good; who has one is not held up by others at the same address. */
  readonly countFailure: (c: Context<CallerEnv>) => Promise<void>;
}

/** Limits that count with `limiter`; without one nobody is limited. */
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

/** The address that a request comes from; of IPv6 its /64 network, since one person has every address of it. */
export function addressOf({ env }: Context): string {
  const text = (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
  if (text === undefined) return 'unknown';
  // IPv4 that comes over IPv6 (`::ffff:192.0.2.1`) is IPv4 again.
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString().split('%', 1)[0]}/64`).toString();
}
