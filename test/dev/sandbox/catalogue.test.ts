import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const mug = { name: 'Mug', price: '2.50', currency: 'EUR', stock: 5 };
const skus = (answer: { body: { data: { sku: string }[] } }) => answer.body.data.map(({ sku }) => sku);

describe('products', () => {
  test('read as they were put, by SKU and by id, which stays the same', async () => {
    const put = await sandbox.call('PUT', '/products/A1', mug);
    expect(put.status).toBe(201);
    expect(put.body).toEqual({ id: put.body.id, sku: 'A1', ...mug, reserved: 0, available: 5 });
    const again = await sandbox.call('PUT', '/products/A1', { ...mug, price: '3.00' });
    expect([again.status, again.body.id, again.body.price]).toEqual([200, put.body.id, '3.00']);
    expect((await sandbox.call('GET', '/products/A1')).body).toEqual(again.body);
    expect((await sandbox.call('GET', `/products/${put.body.id}`)).body).toEqual(again.body);
    expect((await sandbox.call('GET', `/products?sku=A1&id=${put.body.id}&sku=none`)).body.data).toEqual([again.body]);
  });

  test('differ when their SKUs differ in case, and may hold any character', async () => {
    for (const sku of ['case', 'CASE', 'a/b c%?é']) {
      const path = `/products/${encodeURIComponent(sku)}`;
      expect((await sandbox.call('PUT', path, { ...mug, name: sku })).status).toBe(201);
      expect((await sandbox.call('GET', path)).body).toMatchObject({ sku, name: sku });
    }
  });

  test('that are unknown are not found', async () => {
    expect(await sandbox.call('GET', '/products/none')).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_PRODUCT' },
    });
  });

  test('never have less stock than is reserved', async () => {
    await sandbox.call('PUT', '/products/held', mug);
    const items = [{ sku: 'held', quantity: 3 }];
    await sandbox.call('POST', '/reservations', { order_id: randomUUID(), items, expires_in_seconds: 600 });
    const answer = await sandbox.call('PUT', '/products/held', { ...mug, stock: 2 });
    expect([answer.status, answer.body.code]).toEqual([409, 'STOCK_BELOW_RESERVED']);
    expect((await sandbox.call('PUT', '/products/held', { ...mug, stock: 3 })).body).toMatchObject({
      stock: 3,
      available: 0,
    });
  });

  test('5000 at once go in, all or none, and come out in pages in SKU order', async () => {
    const products = Array.from({ length: 5000 }, (_, n) => ({ sku: `bulk-${String(n).padStart(4, '0')}`, ...mug }));
    expect((await sandbox.call('PUT', '/products', { products })).body).toEqual({ created: 5000, updated: 0 });
    const refused = await sandbox.call('PUT', '/products', { products: [...products.slice(0, 2), products[0]] });
    expect(refused.body.details).toEqual([{ path: '/products/2/sku', message: expect.stringContaining('twice') }]);
    const first = await sandbox.call('GET', '/products?limit=3&cursor=bulk-4996');
    expect([skus(first), first.body.next_cursor]).toEqual([['bulk-4997', 'bulk-4998', 'bulk-4999'], 'bulk-4999']);
    const all = await sandbox.call('GET', '/products');
    expect(skus(all)).toEqual(skus(all).toSorted());
    expect(all.body).not.toHaveProperty('next_cursor');
    expect(all.body.data.length).toBeGreaterThanOrEqual(5000);
  });

  test.each([
    ['a price that is a number', { ...mug, price: 2.5 }, '/price'],
    ['a price with too many decimals', { ...mug, price: '2.505' }, '/price'],
    ['an unknown currency', { ...mug, currency: 'EURO' }, '/currency'],
    ['a negative stock', { ...mug, stock: -1 }, '/stock'],
    ['half a thing', { ...mug, stock: 1.5 }, '/stock'],
    ['no JSON', '{', ''],
    ['a list', [], ''],
  ])('%s is refused, with a pointer to it', async (_, body, path) => {
    const answer = await sandbox.call('PUT', '/products/bad', body);
    expect([answer.status, answer.body.code, answer.body.details[0].path]).toEqual([400, 'VALIDATION', path]);
    expect((await sandbox.call('GET', '/products/bad')).status).toBe(404);
  });

  test('a character that cannot be stored is refused', async () => {
    expect((await sandbox.call('PUT', '/products/nul', { ...mug, name: 'a\u0000b' })).status).toBe(400);
    expect((await sandbox.call('GET', '/products/%00')).status).toBe(400);
  });
});

describe('users', () => {
  const ann = { name: 'Ann', email: 'ann@example.com', status: 'INACTIVE' };

  test('read as they were put', async () => {
    expect((await sandbox.call('PUT', '/users/ann', { ...ann, status: 'ACTIVE' })).status).toBe(201);
    expect((await sandbox.call('PUT', '/users/ann', ann)).status).toBe(200);
    expect((await sandbox.call('GET', '/users/ann')).body).toEqual({ id: 'ann', ...ann });
    expect(await sandbox.call('GET', '/users/bob')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_USER' } });
  });

  test('go in in bulk', async () => {
    const users = Array.from({ length: 1000 }, (_, n) => ({ id: `bulk-${n}`, ...ann }));
    expect((await sandbox.call('PUT', '/users', { users })).body).toEqual({ created: 1000, updated: 0 });
    expect((await sandbox.call('GET', '/users/bulk-999')).body).toEqual({ id: 'bulk-999', ...ann });
  });
});

describe('notifications', () => {
  test('are sent once a key, however often and however parallel', async () => {
    const order_id = randomUUID();
    const message = {
      order_id,
      order_number: 'ORD-00000042',
      customer_id: 'ann',
      type: 'ORDER_REFUNDED',
      recipient: { email: 'ann@example.com' },
      locale: 'de',
      currency: 'EUR',
      order_url: null,
      content: { amount: '42.00', cause: 'OTHER', reason: null },
    };
    const send = (body: unknown) =>
      sandbox.call('POST', '/notifications', body, { 'Idempotency-Key': `${order_id}:notify` });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(message)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    const { body } = await sandbox.call('GET', `/notifications?order_id=${order_id}`);
    expect(body.data).toMatchObject([message]);
    expect((await send({ ...message, type: 'ORDER_CANCELLED' })).status).toBe(422);
  });

  test('need a key', async () => {
    const answer = await sandbox.call('POST', '/notifications', { order_id: 'a', customer_id: 'b', type: 'c' });
    expect([answer.status, answer.body.details[0].path]).toEqual([400, 'Idempotency-Key']);
  });
});
