import type { MiddlewareHandler } from 'hono';
import type { Config } from '../config.ts';
import type { Api, CallerEnv } from './api.ts';
import { authenticator, hasRole } from './authenticate.ts';
import { ProblemError } from './problem.ts';

/** Middleware that lets only callers with certain roles through; see {@link Api.allow}. */
export function allowRoles(auth: Config['auth']): Api['allow'] {
  const authenticate = authenticator(auth);
  return (...roles): MiddlewareHandler<CallerEnv> =>
    async (c, next) => {
      const caller = await authenticate(c.req.header('Authorization'));
      if (!hasRole(caller, roles)) {
        throw new ProblemError('FORBIDDEN', `This takes one of the roles ${roles.join(', ')}.`);
      }
      c.set('caller', caller);
      await next();
    };
}
