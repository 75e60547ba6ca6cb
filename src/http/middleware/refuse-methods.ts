import type { RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { ProblemError } from '../problems/problem.ts';
import type { ApiEnv } from '../env.ts';

/** The refusal of a method that a path does not have. */
export function wrongMethod(allowed: readonly string[]): ProblemError {
  const Allow = allowed.join(', ');
  return new ProblemError('METHOD_NOT_ALLOWED', `Use ${Allow} here.`, { headers: { Allow } });
}

/**
 * Lets a path that is spelt out in a route take that route's methods only: `DELETE /orders/export` would be answered as if `export` were
 * an order.
 */
export function ownMethodsOnly(routes: readonly { readonly route: RouteConfig }[]): MiddlewareHandler<ApiEnv> {
  const methods = new Map<string, string[]>();
  for (const { route } of routes) {
    if (route.path.includes('{')) continue;
    const added = route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()];
    methods.set(route.path, [...(methods.get(route.path) ?? []), ...added]);
  }
  return (c, next) => {
    const allowed = methods.get(c.req.path);
    if (allowed === undefined || allowed.includes(c.req.method)) return next();
    throw wrongMethod(allowed);
  };
}
