import { gzipSync } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';

/** Less fits one packet as it is. */
const MIN_CHARACTERS = 1_200;

/** Compresses whole pages at once: a stream for each would take longer than making the page. What streams is left to who comes after. */
export const compressPages: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers, status } = c.res;
  const isTaken = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
  if (!isTaken || headers.get('Content-Type')?.startsWith('text/html') !== true) return;
  const text = await c.res.text();
  const isWorth = text.length >= MIN_CHARACTERS;
  const init = { status, headers };
  c.res = isWorth ? new Response(new Uint8Array(gzipSync(text)), init) : new Response(text, init);
  if (isWorth) c.header('Content-Encoding', 'gzip');
  c.header('Vary', 'Accept-Encoding', { append: true });
};
