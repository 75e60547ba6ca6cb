import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from '../../logger.ts';
import type { Metrics } from './metrics.ts';
import type { ApiEnv } from '../env.ts';

/** Logs and measures every request by its route, never by its path, query or body, which may hold anything. */
export function observeRequests(logger: Logger, metrics: Metrics): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const durationMs = performance.now() - startedAt;
    const { method } = c.req;
    const route = routeOf(c);
    metrics.observe(method, route, c.res.status, durationMs / 1_000);
    const fields = {
      request_id: c.get('requestId'),
      method,
      route,
      status: c.res.status,
      duration_ms: Math.round(durationMs * 10) / 10,
    };
    // In daily operation the metrics are enough.
    logger.debug(fields, 'request');
  };
}

function routeOf(c: Context<ApiEnv>): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? 'none';
}
