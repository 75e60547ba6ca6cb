import type { Context, MiddlewareHandler } from 'hono';
import type { Api } from '../api.ts';
import type { Reader } from '../../repositories/reader.ts';
import type { Audit } from './audit.ts';
import { ExpiredTokenError, type Authenticate } from './authenticate.ts';
import type { RateLimits } from './limit-rate.ts';
import { ProblemError } from '../problems/problem.ts';
import { hasRole, type Caller } from '../../domain/caller.ts';
import type { CallerEnv } from '../env.ts';

/** What the guard of a route needs. */
export interface Guards {
  readonly authenticate: Authenticate;
  readonly limits: RateLimits;
  readonly audit: Audit;
  readonly reader: Pick<Reader, 'noteWriter'>;
}

/**
 * Middleware that lets only callers with certain roles through, within their rate limit; see {@link Api.allow}. It decides by the headers
 * alone, before any of the body is read.
 */
export function allowRoles(guards: Guards): Api['allow'] {
  return (...roles): MiddlewareHandler<CallerEnv> =>
    async (c, next) => {
      const caller = await identify(c, guards);
      await guards.limits.countRequest(c, caller);
      if (!hasRole(caller, roles)) {
        const refusal = new ProblemError('FORBIDDEN', `This takes one of the roles ${roles.join(', ')}.`);
        await guards.audit.recordRefusal(c, caller, refusal.status);
        throw refusal;
      }
      c.set('caller', caller);
      await next();
      // Before the answer: who has it may ask for a list at once, of another process too.
      if (!readingMethods.has(c.req.method)) await guards.reader.noteWriter(caller.subject).catch(() => {});
    };
}

/** Requests that write nothing. */
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

async function identify(c: Context<CallerEnv>, { authenticate, limits }: Guards): Promise<Caller> {
  try {
    return await authenticate(c.req.header('Authorization'));
  } catch (error) {
    const isGuess = error instanceof ProblemError && error.code === 'UNAUTHENTICATED';
    if (isGuess && !(error instanceof ExpiredTokenError)) await limits.countFailure(c);
    throw error;
  }
}
