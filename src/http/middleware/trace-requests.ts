import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { inSpan } from '../../tracing/trace.ts';

/** What is asked every few seconds by machines is no trace that anybody looks at. */
const untraced = ['/healthz', '/readyz', '/metrics'];

/** Answers each request in a span, named by its route; it goes on with the trace that the request came with. */
export const traceRequests: MiddlewareHandler = (c, next) => {
  if (untraced.includes(c.req.path)) return next();
  const { method } = c.req;
  const parent = c.req.header('traceparent');
  return inSpan(
    { name: method, kind: 'server', parent, attributes: { 'http.request.method': method } },
    async (describe) => {
      await next();
      const route = routeOf(c);
      const attributes = { 'http.route': route, 'http.response.status_code': c.res.status };
      describe({ name: `${method} ${route}`, attributes });
    },
  );
};

function routeOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? 'none';
}
