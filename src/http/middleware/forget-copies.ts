import type { MiddlewareHandler } from 'hono';
import { namesOrder } from '../../domain/order-name.ts';
import { forgetOrderCopies } from '../../orders/forget-order-copies.ts';
import type { Copies } from '../../redis/open-copies.ts';
import type { Db } from '../../repositories/schema.ts';
import type { ApiEnv } from '../env.ts';

/** A request that was answered with one of these was not let in, and has changed nothing. */
const NOT_LET_IN = new Set([401, 403, 404, 429]);

/** Before a request that may have changed an order is answered, the order's copies are removed: who wrote reads their own write, from any process. */
export function forgetCopies(copies: Copies, db: Db): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || NOT_LET_IN.has(c.res.status)) return;
    const named = c.get('orderId') ?? orderIn(c.res.headers.get('Location') ?? '') ?? orderIn(c.req.path);
    if (named !== undefined) await forgetOrderCopies(copies, db, named);
  };
}

/** The id or number of the order whose path it is. */
function orderIn(path: string): string | undefined {
  const named = /^\/api\/v1\/orders\/([^/?]+)/.exec(path)?.[1];
  return named !== undefined && namesOrder(named) ? named : undefined;
}
