import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from '../../src/logger.ts';
import { runForRequest } from '../../src/request-context.ts';
import type { SandboxEnv } from './request.ts';

/** Logs every request at debug, with the id that its sender gave it; all that is logged for it names the id as well. */
export function logRequests(logger: Logger): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    await runForRequest({ requestId: c.req.header('x-request-id') }, async () => {
      await next();
      const { method } = c.req;
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      logger.debug(
        { method, route: routePath(c, -1), status: c.res.status, duration_ms: durationMs },
        'sandbox answered',
      );
    });
  };
}
