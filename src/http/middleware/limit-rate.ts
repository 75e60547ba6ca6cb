import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { clientNetwork } from '../../access/client-network.ts';
import { countRequest, type RateCount, type RateLimiters, type RatePolicy } from '../../access/count-request.ts';
import { hasRole, type Caller } from '../../domain/caller.ts';
import { RATE_LIMIT_WINDOW_SECONDS } from '../../repositories/rate-limits.ts';
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

/** Limits that count with the limiters, and say in headers what is left of them. */
export function createRateLimits(limiters: RateLimiters): RateLimits {
  const count = async (c: Context, policy: RatePolicy, who: string) => {
    const left = await countRequest(limiters, policy, who);
    if (left) describe(c, policy, left);
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
function describe(c: Context, policy: string, { perMinute, remaining, resetMs }: RateCount): void {
  c.header('RateLimit-Policy', `"${policy}";q=${perMinute};w=${RATE_LIMIT_WINDOW_SECONDS}`);
  c.header('RateLimit', `"${policy}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`);
}

/** Whom a request is counted for by the address that it comes from. */
export function addressOf({ env }: Context): string {
  return clientNetwork((env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress);
}
