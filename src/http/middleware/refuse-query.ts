import type { MiddlewareHandler } from 'hono';

import { unknownParameters } from '../problems/validation.ts';

/** Refuses a query on a route that takes none; those that take one say what is in it. */
export const refuseQuery: MiddlewareHandler = (c, next) => {
  const names = c.req.url.includes('?') ? Object.keys(c.req.query()) : [];
  if (names.length === 0) return next();
  throw unknownParameters(names);
};
