import type { Context, MiddlewareHandler } from 'hono';
import type { Api, CallerEnv } from '../api.ts';
import type { Audit } from './audit.ts';
import { type Authenticate } from './authenticate.ts';
import { toProblem } from '../problems/error-to-problem.ts';
import type { RateLimits } from './limit-rate.ts';
import { ProblemError } from '../problems/problem.ts';
import { hasRole, type Caller, type Role } from '../../domain/caller.ts';

/** What stands before every route that needs a token. */
export interface Guards {
  readonly authenticate: Authenticate;
  readonly limits: RateLimits;
  readonly audit: Audit;
}

/** Middleware that lets only callers with certain roles through, not too often, and keeps a record of what staff do; see {@link Api.allow}. */
export function allowRoles(guards: Guards): Api['allow'] {
  return (...roles): MiddlewareHandler<CallerEnv> =>
    async (c, next) => {
      const caller = await identify(c, guards);
      await guards.limits.countRequest(c, caller);
      const complete = await guards.audit(c, caller);
      if (!complete) {
        requireRole(caller, roles);
        c.set('caller', caller);
        await next();
        return;
      }
      try {
        requireRole(caller, roles);
        c.set('caller', caller);
        await next();
      } catch (error) {
        await complete(toProblem(error).status, null);
        throw error;
      }
      await complete(c.res.status, c.res.headers.get('Location'));
    };
}

async function identify(c: Context<CallerEnv>, { authenticate, limits }: Guards): Promise<Caller> {
  try {
    return await authenticate(c.req.header('Authorization'));
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'UNAUTHENTICATED') await limits.countFailure(c);
    throw error;
  }
}

function requireRole(caller: Caller, roles: readonly Role[]): void {
  if (hasRole(caller, roles)) return;
  throw new ProblemError('FORBIDDEN', `This takes one of the roles ${roles.join(', ')}.`);
}
