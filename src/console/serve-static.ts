import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { ConsoleEnv } from './console-env.ts';

const types = {
  'console.css': 'text/css; charset=utf-8',
  'choices.js': 'text/javascript; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'search.js': 'text/javascript; charset=utf-8',
  'times.js': 'text/javascript; charset=utf-8',
  'typed.js': 'text/javascript; charset=utf-8',
  'upload.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** Serves the console's own files from memory; a browser asks whether it still has the newest. */
export function serveStatic(app: Hono<ConsoleEnv>): void {
  for (const [name, type] of Object.entries(types)) {
    const text = readFileSync(new URL(`static/${name}`, import.meta.url), 'utf8');
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    app.get(`/static/${name}`, (c) => {
      const headers = { 'content-type': type, 'cache-control': 'no-cache', etag };
      // A proxy that compresses makes the tag weak.
      if (c.req.header('If-None-Match')?.replace(/^W\//, '') === etag) return c.body(null, 304, headers);
      return c.body(text, 200, headers);
    });
  }
}
