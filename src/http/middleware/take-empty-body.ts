import type { MiddlewareHandler } from 'hono';
import type { CallerEnv } from '../api.ts';

/** Takes an empty body that calls itself JSON for an empty object, as many clients send it. */
export const takeEmptyBody: MiddlewareHandler<CallerEnv> = async (c, next) => {
  const headers = c.req.raw.headers;
  if (headers.has('content-type') && (await c.req.text()) === '') {
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body: '{}' });
    c.req.bodyCache = {};
  }
  await next();
};
