import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from '../../logger.ts';
import { observeSeconds } from '../../metrics/record-metrics.ts';
import type { ApiEnv } from '../env.ts';

/** Logs and measures every request by its route, never by its path, query or body, which may hold anything. */
export function observeRequests(logger: Logger): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const durationMs = performance.now() - startedAt;
    const route = routeOf(c);
    const { status } = c.res;
    const method = methodOf(c);
    observeSeconds('http_request_duration_seconds', { method, route, status: String(status) }, durationMs / 1_000);
    const fields = {
      request_id: c.get('requestId'),
      method,
      route,
      status,
      duration_ms: Math.round(durationMs * 10) / 10,
    };
    // In daily operation the metrics are enough.
    logger.debug(fields, 'request');
  };
}

function routeOf(c: Context<ApiEnv>): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? 'none';
}

/** Methods that the API knows; a client can send any other. */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

function methodOf({ req: { method } }: Context): string {
  return methods.includes(method) ? method : 'OTHER';
}
