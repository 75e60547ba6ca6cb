import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Gateways } from '../../src/gateways/index.ts';
import { startTestSandbox } from '../dev/sandbox/sandbox.ts';
import { gatewaysTo } from './calls.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let gateways: Gateways;
let ids: Record<string, string>;
/** Paths that were asked for. */
const asked: string[] = [];
/** Answers instead of the sandbox, where it knows something to say. */
let inBetween: (path: string) => { status: number; body: unknown } | undefined;
let close: () => Promise<void>;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  const products = ['A', 'B', 'C'].map((sku) => ({ sku, name: sku, price: '12.50', currency: 'EUR', stock: 9 }));
  await sandbox.call('PUT', '/products', { products });
  const users = ['ann', 'ben', 'ivy'].map((id) => ({
    id,
    name: id,
    email: `${id}@example.com`,
    status: id === 'ivy' ? 'INACTIVE' : 'ACTIVE',
  }));
  await sandbox.call('PUT', '/users', { users });
  const { body } = await sandbox.call('GET', '/products');
  ids = Object.fromEntries(body.data.map(({ sku, id }: { sku: string; id: string }) => [sku, id]));

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    void (async () => {
      const own = inBetween(path);
      const answer = own ?? (await sandbox.call('GET', path));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  gateways = gatewaysTo(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  close = async () => {
    server.closeAllConnections();
    server.close();
    await sandbox.stop();
  };
});

beforeEach(() => {
  asked.length = 0;
  inBetween = () => undefined;
});

afterAll(() => close());

test('concurrent lookups of customers share one request, which names each once', async () => {
  const found = await Promise.all(
    ['ann', 'nobody', 'ivy', 'ann', 'ä & b=c'].map((id) => gateways.customer.findCustomer(id)),
  );
  expect(found).toEqual([
    { id: 'ann', active: true, name: 'ann', email: 'ann@example.com' },
    undefined,
    { id: 'ivy', active: false, name: 'ivy', email: 'ivy@example.com' },
    { id: 'ann', active: true, name: 'ann', email: 'ann@example.com' },
    undefined,
  ]);
  expect(asked).toHaveLength(1);
});

test('concurrent lookups of products share one request, and each gets its own products', async () => {
  const found = await Promise.all([
    gateways.inventory.findProducts({ skus: ['A', 'B'], ids: [] }),
    gateways.inventory.findProducts({ skus: ['B', 'NONE'], ids: [ids['C']!] }),
    gateways.inventory.findProducts({ skus: ['A'], ids: [ids['A']!] }),
    gateways.inventory.findProducts({ skus: ['NONE'], ids: [] }),
  ]);
  expect(found.map((some) => some.map(({ sku }) => sku))).toEqual([['A', 'B'], ['B', 'C'], ['A'], []]);
  expect(found[0]?.[0]).toMatchObject({ sku: 'A', priceMinor: 1_250, currency: 'EUR' });
  expect(asked).toHaveLength(1);
});

test('a lookup never gets an answer to a request that was sent before it', async () => {
  const before = gateways.customer.findCustomer('ben');
  await expect.poll(() => asked.length).toBe(1);
  await sandbox.call('PUT', '/users/ben', { name: 'ben', email: 'ben@example.com', status: 'INACTIVE' });
  const after = await gateways.customer.findCustomer('ben');
  await before;
  expect(after).toEqual({ id: 'ben', active: false, name: 'ben', email: 'ben@example.com' });
  expect(asked).toHaveLength(2);
});

test('an id that the service refuses fails its own lookup only', async () => {
  inBetween = (path) =>
    path.includes('bad') ? { status: 400, body: { code: 'VALIDATION', message: 'no' } } : undefined;
  const outcomes = await Promise.allSettled(['ann', 'bad', 'ivy'].map((id) => gateways.customer.findCustomer(id)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { kind: 'rejected' } });
});

test('a product with an unreadable price fails only the lookups that want it', async () => {
  const odd = { id: 'x', sku: 'ODD', name: 'odd', price: 'much', currency: 'EUR' };
  inBetween = (path) => (path.includes('sku=ODD') ? { status: 200, body: { data: [odd] } } : undefined);
  const outcomes = await Promise.allSettled(
    [['A'], ['ODD'], ['B']].map((skus) => gateways.inventory.findProducts({ skus, ids: [] })),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('a service that has no lookup of several ids is asked for one at a time', async () => {
  inBetween = (path) => (path.startsWith('/users?') ? { status: 404, body: {} } : undefined);
  const found = await Promise.all(['ann', 'ivy', 'nobody'].map((id) => gateways.customer.findCustomer(id)));
  expect(found.map((customer) => customer?.active)).toEqual([true, false, undefined]);
});

test('an unavailable service fails all lookups of a batch after one request', async () => {
  inBetween = () => ({ status: 503, body: { code: 'DOWN' } });
  const outcomes = await Promise.allSettled(['ann', 'ben', 'ivy'].map((id) => gateways.customer.findCustomer(id)));
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unreachable' } });
  expect(asked).toHaveLength(1);
});
