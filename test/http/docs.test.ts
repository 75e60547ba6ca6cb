import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventTypes } from '../../src/domain/order-event.ts';
import { inboundTypes } from '../../src/events/catalogue/inbound-events.ts';
import { orderExample } from '../../src/http/schemas/order-example.ts';
import { orderSchema } from '../../src/http/schemas/order-schema.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

describe('operators and developers', () => {
  test('are told that the API is ready while Temporal is unavailable, and that it is', async () => {
    expect((await rig.request('GET', '/readyz')).body).toEqual({ status: 'ok', database: 'ok', engine: 'ok' });
    rig.commands.mode = 'down';
    await expect
      .poll(async () => (await rig.request('GET', '/readyz')).body.engine, { timeout: 5_000 })
      .toBe('unavailable');
    expect((await rig.request('GET', '/readyz')).status).toBe(200);
    rig.commands.mode = 'up';
  });

  test('read the OpenAPI document, with a token scheme', async () => {
    const { body } = await rig.request('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(body.components.securitySchemes.bearerAuth.scheme).toBe('bearer');
  });

  test('read no schema that adds fields to one which allows no more', async () => {
    const { schemas } = (await rig.request('GET', '/openapi.json')).body.components;
    const isClosed = ({ $ref }: { $ref?: string }) =>
      $ref !== undefined && schemas[$ref.split('/').at(-1)!].additionalProperties === false;
    const parts = Object.entries<{ allOf?: { $ref?: string }[] }>(schemas).filter(([, { allOf }]) =>
      allOf?.some((part) => isClosed(part) && allOf.some((other) => other !== part && 'properties' in other)),
    );
    expect(parts.map(([name]) => name)).toEqual([]);
  });

  test('read the docs with nothing loaded from elsewhere', async () => {
    const page = await rig.request('GET', '/docs');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toHaveLength(5);
    for (const link of links) {
      expect(link).not.toMatch(/^(\w+:|\/\/)/);
      expect((await rig.request('GET', `/${link}`)).status).toBe(200);
    }
    expect((await rig.request('GET', '/docs/package.json')).status).toBe(404);
    expect((await rig.request('GET', '/docs/..%2fpackage.json')).status).toBe(404);
  });

  test('read what is published, each type with its fields and an example, with nothing loaded from elsewhere', async () => {
    const page = await rig.request('GET', '/docs/events', { as: null });
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...page.body.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, link]) => link);
    expect(links).toEqual(['favicon-32x32.png', '../asyncapi.json', '../docs']);
    for (const link of links) {
      const path = new URL(link, 'http://api/docs/events').pathname;
      expect([path, (await rig.request('GET', path, { as: null })).status]).toEqual([path, 200]);
    }
    for (const type of eventTypes) expect(page.body).toContain(`<section id="${type}">`);
    for (const type of inboundTypes.payments) expect(page.body).toContain(`<section id="received-${type}">`);
    for (const topic of ['orders.events', 'inventory.updates']) expect(page.body).toContain(`<code>${topic}</code>`);
  });

  test('read an AsyncAPI document whose references all lead somewhere', async () => {
    const { body } = await rig.request('GET', '/asyncapi.json', { as: null });
    expect(body.asyncapi).toBe('3.0.0');
    const places = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, place]) => place!);
    expect(places.length).toBeGreaterThan(100);
    for (const place of new Set(places)) {
      const found: unknown = place.split('/').reduce((inside, name) => inside?.[name], body);
      expect([place, typeof found]).toEqual([place, 'object']);
    }
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('find no docs called %s', async (name) => {
    const { status, body } = await rig.request('GET', `/docs/${name}`);
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
  });

  test('cause hardly any database queries, however often they ask whether the API is ready', async () => {
    const before = rig.database.statements();
    await Promise.all(Array.from({ length: 200 }, () => rig.request('GET', '/readyz', { as: null })));
    expect(rig.database.statements() - before).toBeLessThan(10);
  });
});

test('the example of an order is one', () => {
  expect(orderSchema.parse(orderExample)).toEqual(orderExample);
});
