import type { MiddlewareHandler } from 'hono';
import type { Authenticate } from '../../access/authenticate.ts';
import { identifyCaller, refuseWithoutRole } from '../../access/identify-caller.ts';
import { innerCallOf } from '../../access/inner-call.ts';
import type { Api } from '../api.ts';
import type { Reader } from '../../repositories/reader.ts';
import { toProblem } from '../problems/error-to-problem.ts';
import type { Audit } from './audit.ts';
import type { RateLimits } from './limit-rate.ts';
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
export function allowRoles({ authenticate, limits, audit, reader }: Guards): Api['allow'] {
  return (...roles): MiddlewareHandler<CallerEnv> =>
    async (c, next) => {
      const inner = innerCallOf(c.env);
      const caller =
        inner?.caller ??
        (await identifyCaller(authenticate, c.req.header('Authorization'), () => limits.countFailure(c)));
      if (!inner) await limits.countRequest(c, caller);
      const refusal = refuseWithoutRole(caller, roles);
      if (refusal) {
        await audit.recordRefusal(c, caller, toProblem(refusal).status);
        throw refusal;
      }
      c.set('caller', caller);
      await next();
      // Before the answer: who has it may ask for a list at once, of another process too.
      if (!readingMethods.has(c.req.method)) await reader.noteWriter(caller.subject).catch(() => {});
    };
}

/** Requests that write nothing. */
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
