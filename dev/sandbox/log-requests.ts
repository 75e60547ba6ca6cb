import type { HonoRequest, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { z } from 'zod';
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
      if (!logger.isLevelEnabled('debug')) return;
      const route = routePath(c, -1);
      const orderId = await findOrderId(c.req, route);
      logger.debug(
        {
          method,
          route,
          status: c.res.status,
          duration_ms: durationMs,
          ...(orderId !== undefined && { order_id: orderId }),
        },
        'sandbox answered',
      );
    });
  };
}

const bodySchema = z.object({ order_id: z.uuid() });

/** The order that a request is about, as its path or its body says. */
async function findOrderId(request: HonoRequest, route: string): Promise<string | undefined> {
  if (route.includes(':order_id')) return UUID.exec(request.path)?.[0];
  try {
    return bodySchema.parse(JSON.parse(await request.text())).order_id;
  } catch {
    return undefined;
  }
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
