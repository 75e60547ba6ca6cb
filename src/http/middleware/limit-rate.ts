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
  /** Counts a message that is signed; see `WEBHOOK_RATE_LIMIT`. */
  readonly countWebhook: (c: Context) => Promise<void>;
  /** Counts an attempt to come in without a token or a signature that is or was good; who has one is not held up by others at the same address. */
  readonly countFailure: (c: Context) => Promise<void>;
}

/** What counts callers and those who fail to be one, and what counts messages; where there is none, nobody is limited. */
export interface RateLimiters {
  readonly users: RateLimiter | undefined;
  readonly webhooks: RateLimiter | undefined;
}

type Policy = 'user' | 'failures' | 'webhooks';

/** Limits that count with the limiters. */
export function createRateLimits({ users, webhooks }: RateLimiters): RateLimits {
  const count = async (c: Context, policy: Policy, who: string) => {
    const limiter = policy === 'webhooks' ? webhooks : users;
    if (!limiter) return;
    // No policy has a colon, so that no two subjects or addresses share a count.
    const state = await limiter.count(`${policy}:${who}`);
    describe(c, policy, limiter.perMinute, state);
    if (state.isExceeded) throw limited(policy, limiter.perMinute, state);
  };
  return {
    countRequest: async (c, caller) => {
      if (!hasRole(caller, ['service'])) await count(c, 'user', caller.subject);
    },
    countFailure: (c) => count(c, 'failures', addressOf(c)),
    countWebhook: (c) => count(c, 'webhooks', addressOf(c)),
  };
}

/** The headers of draft-ietf-httpapi-ratelimit-headers. */
function describe(c: Context, policy: string, perMinute: number, { remaining, resetMs }: RateLimitState): void {
  c.header('RateLimit-Policy', `"${policy}";q=${perMinute};w=${RATE_LIMIT_WINDOW_SECONDS}`);
  c.header('RateLimit', `"${policy}";r=${remaining};t=${seconds(resetMs)}`);
}

const counted: Readonly<Record<Policy, string>> = {
  user: 'requests of one user',
  failures: 'failures to authenticate from one address',
  webhooks: 'messages from one address',
};

function limited(policy: Policy, perMinute: number, { resetMs }: RateLimitState): ProblemError {
  return new ProblemError('RATE_LIMITED', `At most ${perMinute} ${counted[policy]} a minute are answered.`, {
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
