import type { RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';

import { unknownParameters } from '../problems/validation.ts';

/** Makes each route that takes no query refuse one, after whatever else stands before it; those that take one say what is in it. */
export function refuseUnknownQueries<Routes extends readonly { readonly route: RouteConfig }[]>(
  routes: Routes,
): Routes {
  for (const { route } of routes) {
    if (route.request?.query) continue;
    const before = route.middleware ?? [];
    route.middleware = [...(Array.isArray(before) ? before : [before]), refuseQuery];
  }
  return routes;
}

const refuseQuery: MiddlewareHandler = (c, next) => {
  const names = c.req.url.includes('?') ? Object.keys(c.req.query()) : [];
  if (names.length === 0) return next();
  throw unknownParameters(names);
};
