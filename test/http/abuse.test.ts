import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toProblem } from '../../src/http/problems/error-to-problem.ts';
import { limitTime } from '../../src/http/middleware/limit-time.ts';
import { problemResponse } from '../../src/http/problems/problem.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';
import type { ApiEnv } from '../../src/http/env.ts';

const shop = 'https://shop.example.com';
let rig: ApiRig;
let operations: { method: string; path: string; id: string; parameters: { in: string; name: string }[] }[];

beforeAll(async () => {
  rig = await startApiRig({ settings: { CORS_ORIGINS: `${shop}, http://localhost:5173`, RATE_LIMIT: '1000' } });
  const { body } = await rig.request('GET', '/openapi.json');
  type Operation = { operationId: string; parameters?: { in: string; name: string }[]; responses: object };
  operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [] }]) => {
      return { method: method.toUpperCase(), path, id: operationId, parameters };
    }),
  );
});
afterAll(() => rig.stop());

test('every route refuses a query parameter that it does not know', async () => {
  const refused: string[] = [];
  // Whoever signs a message has no token, and its signature is looked at first.
  const asked = operations.filter(({ id }) => !/^receive\w+Webhook$/.test(id));
  for (const { method, path, id } of asked) {
    const filled = path
      .replace('{id}', 'ORD-00000001')
      .replace('{step}', 'chargePayment')
      .replaceAll(/\{\w+\}/g, 'x');
    for (const as of ['admin', 'operator'] as const) {
      const { status, body } = await rig.request(method, `${filled}?surprise=1`, { as });
      if (status === 400 && body.details[0]?.parameter === 'surprise') refused.push(id);
    }
  }
  expect(new Set(refused)).toEqual(new Set(asked.map(({ id }) => id)));
});

test('every route documents the limit, with its headers', async () => {
  const { body } = await rig.request('GET', '/openapi.json');
  for (const { method, path } of operations) {
    const documented = body.paths[path][method.toLowerCase()].responses['429'];
    expect(Object.keys(documented.headers)).toEqual(['Retry-After', 'RateLimit', 'RateLimit-Policy']);
  }
});

describe('a browser', () => {
  test('may call from an origin that is configured, and reads what the headers say', async () => {
    const preflight = await rig.request('OPTIONS', '/api/v1/orders', {
      as: null,
      headers: {
        Origin: shop,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(shop);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(
      /Authorization.*Idempotency-Key.*Last-Event-ID/,
    );
    expect(preflight.headers.get('access-control-max-age')).toBe('600');

    for (const as of ['customer', null] as const) {
      const { status, headers } = await rig.request('GET', '/api/v1/orders', { as, headers: { Origin: shop } });
      expect(status).toBe(as ? 200 : 401);
      expect(headers.get('access-control-allow-origin')).toBe(shop);
      expect(headers.get('access-control-expose-headers')).toMatch(/ETag.*Location.*RateLimit.*Retry-After/);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  test('may not from another one', async () => {
    const { headers } = await rig.request('GET', '/api/v1/orders', { headers: { Origin: 'https://evil.example.com' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('may from none when none is configured', async () => {
    const closed = await startApiRig();
    const { status, headers } = await closed.request('OPTIONS', '/api/v1/orders', {
      as: null,
      headers: { Origin: shop },
    });
    await closed.stop();
    expect([status, headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});

test('an answer that does not begin in time is UNAVAILABLE, and a stream is not limited', async () => {
  const app = new Hono<ApiEnv>();
  app.use(limitTime(50));
  app.onError((error, c) => problemResponse(c, toProblem(error)));
  app.get('/stuck', () => new Promise<Response>(() => {}));
  app.get('/stream', (c) => {
    const later = new ReadableStream<Uint8Array>({
      start: (controller) => {
        setTimeout(() => {
          controller.enqueue(new TextEncoder().encode('late'));
          controller.close();
        }, 150);
      },
    });
    return c.body(later);
  });
  const stuck = await app.request('/stuck');
  expect([stuck.status, stuck.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await (await app.request('/stream')).text()).toBe('late');
});
