import type { MiddlewareHandler } from 'hono';
import { aboutOrder, inSpan } from '../../tracing/trace.ts';
import type { CallerEnv } from '../env.ts';
import { orderOf, routeOf } from './describe-request.ts';

/** What is asked every few seconds by machines is no trace that anybody looks at. */
const untraced = ['/healthz', '/readyz', '/metrics'];

/** Answers each request in a span, named by its route; it goes on with the trace that the request came with. */
export const traceRequests: MiddlewareHandler<CallerEnv> = (c, next) => {
  if (untraced.includes(c.req.path)) return next();
  const { method } = c.req;
  const parent = c.req.header('traceparent');
  return inSpan(
    { name: method, kind: 'server', parent, attributes: { 'http.request.method': method } },
    async (describe) => {
      await next();
      const route = routeOf(c);
      const order = aboutOrder(orderOf(c, route).order_id);
      const attributes = { 'http.route': route, 'http.response.status_code': c.res.status, ...order };
      describe({ name: `${method} ${route}`, attributes });
    },
  );
};
