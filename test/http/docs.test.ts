import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderExample } from '../../src/http/order-example.ts';
import { orderSchema } from '../../src/http/order-schema.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

describe('operators and developers', () => {
  test('are told that the API is ready while the engine is away, and that it is away', async () => {
    expect((await rig.request('GET', '/readyz')).body).toEqual({ status: 'ok', database: 'ok', engine: 'ok' });
    rig.commands.mode = 'down';
    const { status, body } = await rig.request('GET', '/readyz');
    rig.commands.mode = 'up';
    expect([status, body.engine]).toEqual([200, 'unavailable']);
  });

  test('find requests by route and statements in the metrics', async () => {
    await rig.request('GET', '/api/v1/orders/ORD-00000000');
    const { body } = await rig.request('GET', '/metrics');
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/orders\/:id",status="404"\} \d/,
    );
    expect(body).toMatch(/database_statements_total [1-9]/);
    expect(body).toContain('process_resident_memory_bytes');
  });

  test('read the OpenAPI document, with a token scheme and every order route', async () => {
    const { body } = await rig.request('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(body.components.securitySchemes.bearerAuth.scheme).toBe('bearer');
    const operations = Object.entries<Record<string, { operationId: string }>>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    expect(operations.toSorted()).toEqual([
      'DELETE /orders/{id}',
      'DELETE /orders/{id}/items/{item_id}',
      'GET /audit',
      'GET /coupons',
      'GET /coupons/{code}',
      'GET /imports/{id}',
      'GET /imports/{id}/errors',
      'GET /orders',
      'GET /orders/export',
      'GET /orders/{id}',
      'GET /orders/{id}/events',
      'GET /orders/{id}/history',
      'GET /orders/{id}/items',
      'GET /orders/{id}/payments',
      'GET /orders/{id}/returns',
      'GET /orders/{id}/saga',
      'GET /orders/{id}/shipments',
      'GET /orders/{id}/status',
      'GET /reports/processing-times',
      'GET /reports/products',
      'GET /reports/sales',
      'GET /reports/statuses',
      'PATCH /orders/{id}',
      'PATCH /orders/{id}/items/{item_id}',
      'POST /imports',
      'POST /imports/{id}/cancel',
      'POST /imports/{id}/pause',
      'POST /imports/{id}/resume',
      'POST /orders',
      'POST /orders/batch',
      'POST /orders/{id}/cancel',
      'POST /orders/{id}/items',
      'POST /orders/{id}/payment',
      'POST /orders/{id}/returns',
      'POST /orders/{id}/saga/{step}',
      'POST /webhooks/payments',
      'PUT /coupons/{code}',
      'PUT /orders/{id}/status',
    ]);
  });

  test('read the docs with nothing loaded from elsewhere', async () => {
    const page = await rig.request('GET', '/docs');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toHaveLength(4);
    for (const link of links) {
      expect(link).not.toMatch(/^(\w+:|\/\/)/);
      expect((await rig.request('GET', `/${link}`)).status).toBe(200);
    }
    expect((await rig.request('GET', '/docs/package.json')).status).toBe(404);
    expect((await rig.request('GET', '/docs/..%2fpackage.json')).status).toBe(404);
  });
});

test('the example of an order is one', () => {
  expect(orderSchema.parse(orderExample)).toEqual(orderExample);
});
