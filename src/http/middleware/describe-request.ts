import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { orderFields } from '../../access/order-fields.ts';
import type { CallerEnv } from '../env.ts';

/** The route that answered a request, as it is declared: never a path, which may hold anything. */
export function routeOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? 'none';
}

/** The order that a request, answered by `route`, is about, for its log line and its span. */
export function orderOf(c: Context<CallerEnv>, route: string): ReturnType<typeof orderFields> {
  if (!route.startsWith('/api/v1/orders')) return {};
  return orderFields(c.get('orderId') ?? c.req.param('id') ?? c.res.headers.get('Location')?.split('/').at(-1));
}
