import type { MiddlewareHandler } from 'hono';
import { Refusal } from './refusal.ts';
import type { SandboxEnv } from './request.ts';

/**
 * Refuses what a web page of another origin can make a browser send: the sandbox has no authentication, and the
 * developer's browser can reach it. Programs are not affected, as long as they say that they send JSON.
 */
export const refuseBrowsers: MiddlewareHandler<SandboxEnv> = async (c, next) => {
  const host = c.req.header('Host');
  if (host !== undefined && !isOwnHost(host)) {
    throw forbidden(`"${host}" is not a name of this service: use localhost, its address, or a name without dots`);
  }
  const origin = c.req.header('Origin');
  if (origin !== undefined && origin !== new URL(c.req.url).origin) {
    throw forbidden(`pages of ${origin} may not call this service`);
  }
  const site = c.req.header('Sec-Fetch-Site');
  // Following a link only shows a page, and showing a page changes nothing.
  const isVisit = c.req.method === 'GET' && c.req.header('Sec-Fetch-Mode') === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit) {
    throw forbidden('pages of other origins may not call this service');
  }
  // A page may send any other type without asking first.
  if (hasBody(c.req.raw.headers) && !isJson(c.req.header('Content-Type'))) {
    throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'send the body with content-type: application/json');
  }
  await next();
};

/**
 * An attacker can make any name of theirs stand for this machine (DNS rebinding), but no address, none of the names that are reserved
 * for private networks, and none without dots, such as a container's.
 */
function isOwnHost(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return /^(\[.*\]|\d+(\.\d+){3}|[^.]+|.+\.(localhost|local|internal|test))$/.test(hostname);
}

function hasBody(headers: Headers): boolean {
  return Number(headers.get('Content-Length') ?? 0) > 0 || headers.has('Transfer-Encoding');
}

function isJson(type = ''): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}

function forbidden(message: string): Refusal {
  return new Refusal(403, 'FORBIDDEN', message);
}
