import { gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Html } from './ui/html.ts';

/** Less fits one packet as it is. */
const MIN_CHARACTERS = 1_200;

/** A tenth more bytes than the usual level for two thirds of its time. */
const LEVEL = 1;

/**
 * Answers with a page. It is compressed here, before it becomes an answer: as one it would be written to bytes, read from them and written
 * again, and a stream that compresses takes longer than making the page.
 */
export async function showPage(c: Context, page: Html, status: ContentfulStatusCode = 200): Promise<Response> {
  const text = String(await page);
  const headers = { 'Content-Type': 'text/html; charset=UTF-8', Vary: 'Accept-Encoding' };
  const isTaken = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
  if (!isTaken || text.length < MIN_CHARACTERS) return c.body(text, status, headers);
  const body = new Uint8Array(gzipSync(text, { level: LEVEL }));
  return c.body(body, status, { ...headers, 'Content-Encoding': 'gzip' });
}
