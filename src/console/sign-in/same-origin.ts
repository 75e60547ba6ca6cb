import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../../access/request-error.ts';

/** Refuses what another site's page made the browser send: a change is asked for by our own pages only. */
export const sameOriginOnly: MiddlewareHandler = async (c, next) => {
  if (!['GET', 'HEAD'].includes(c.req.method) && !isFromOwnPage(c.req.raw.headers)) {
    throw new RequestError('FORBIDDEN', 'This was not sent by a page of the console.');
  }
  await next();
};

/** By what the browser says and a page can't: every browser that is still kept says one of the two of a form. */
export function isFromOwnPage(headers: Headers): boolean {
  const site = headers.get('Sec-Fetch-Site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('Origin');
  return origin !== null && URL.canParse(origin) && new URL(origin).host === headers.get('Host');
}
