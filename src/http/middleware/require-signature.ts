import type { Context, MiddlewareHandler } from 'hono';
import { faultOfSignature, faultOfSignedHeaders } from '../../webhook-signature.ts';
import type { ApiEnv } from '../env.ts';
import { ProblemError } from '../problems/problem.ts';
import type { RateLimits } from './limit-rate.ts';

/** Refuses by the headers what can't be signed, before the body is read; everything, where no secret is set. */
export function requireSignedHeaders(secret: string | undefined, limits: RateLimits): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const fault =
      secret === undefined ? 'No secret is configured to check signatures with' : faultOfSignedHeaders(c.req.header());
    if (fault !== undefined) await refuseUnsigned(c, limits, fault);
    await next();
  };
}

/** Refuses a body that is not signed with the secret, before anything is made of it. */
export function requireSignature(secret: string | undefined, limits: RateLimits): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const fault = faultOfSignature(secret ?? '', c.req.header(), await c.req.text());
    if (fault !== undefined) await refuseUnsigned(c, limits, fault);
    await limits.countWebhook(c);
    await next();
  };
}

/** Refuses what is not signed, and counts it against its sender. */
export async function refuseUnsigned(c: Context<ApiEnv>, limits: RateLimits, fault: string): Promise<never> {
  await limits.countFailure(c);
  throw new ProblemError('UNAUTHENTICATED', `${fault}.`, { headers: { 'WWW-Authenticate': 'Webhook-Signature' } });
}
