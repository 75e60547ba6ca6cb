import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { startTestApi } from './second-api.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';

let system: TestSystem;
let second: Awaited<ReturnType<typeof startTestApi>>;

beforeAll(async () => {
  system = await startTestSystem();
  second = await startTestApi(system);
});

afterAll(async () => {
  await second.stop();
  await system.destroy();
});

test('hundreds of equal requests at once against two API processes place one order and get one answer', async () => {
  const before = (await system.sandbox('GET', '/products/TEA-001')).body.stock;
  const replies = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      system.call('POST', '/orders', {
        body: teaOrder,
        headers: { 'idempotency-key': 'crowd', prefer: 'wait=30' },
        ...(index % 2 === 0 && { url: second.url }),
      }),
    ),
  );

  expect(replies.flatMap(({ status, body }) => (status === 201 ? [] : [body]))).toEqual([]);
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  const { body } = replies[0]!;
  expect((await system.sandbox('GET', `/payments/order/${body.id}`)).body.data).toHaveLength(1);
  expect((await system.sandbox('GET', '/products/TEA-001')).body.stock).toBe(before - 2);
  const other = { ...teaOrder, notes: 'something else' };
  const reused = await system.call('POST', '/orders', { body: other, headers: { 'idempotency-key': 'crowd' } });
  expect(reused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
});

test('of a crowd that wants the last goods as many get them as there are, and nobody gets an error', async () => {
  await system.sandbox('PUT', '/products/RARE', { name: 'Rare', price: '12.50', currency: 'EUR', stock: 10 });
  const wanted = { ...teaOrder, items: [{ sku: 'RARE', quantity: 1 }] };

  const replies = await Promise.all(
    Array.from({ length: 100 }, () =>
      system.call('POST', '/orders', { body: wanted, headers: { prefer: 'respond-async' } }),
    ),
  );

  expect([...new Set(replies.map(({ status }) => status))]).toEqual([202]);
  await eventually(
    async () => {
      const { body } = await system.call('GET', '/orders?status=PENDING&limit=1');
      expect(body.data).toEqual([]);
    },
    { timeoutMs: 120_000 },
  );
  expect((await system.sandbox('GET', '/products/RARE')).body).toMatchObject({ stock: 0, reserved: 0 });
  const { body } = await system.call('GET', '/orders?status=CONFIRMED&limit=200');
  const sold = body.data.filter(({ items }: { items: { sku: string }[] }) => items.some(({ sku }) => sku === 'RARE'));
  expect(sold).toHaveLength(10);
});
