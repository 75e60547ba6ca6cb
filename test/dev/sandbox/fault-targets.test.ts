import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sku, useFaultySandbox } from './fault-calls.ts';

const { sandbox, fault, charge, reserve, payments, faults } = useFaultySandbox();

describe('a fault hits', () => {
  test('exactly as many requests as it says, also in parallel', async () => {
    await fault({ service: 'inventory', operation: 'reserve', mode: 'down', times: 7 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => reserve(randomUUID())));
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(7);
    expect(await faults()).toEqual([]);
  });

  test.each<[operation: string, service: string, method: string, path: (order: string) => string]>([
    ['reserve', 'inventory', 'POST', () => '/reservations'],
    ['commit', 'inventory', 'POST', (order) => `/reservations/${order}/commit`],
    ['release', 'inventory', 'DELETE', (order) => `/reservations/${order}`],
    ['lookup', 'inventory', 'GET', (order) => `/reservations/${order}`],
    ['charge', 'payment', 'POST', () => '/payments'],
    ['refund', 'payment', 'POST', (order) => `/payments/order/${order}/void`],
    ['lookup', 'payment', 'GET', (order) => `/payments/order/${order}`],
    ['lookup', 'payment', 'GET', (order) => `/payments?idempotency_key=${order}:charge`],
    ['lookup', 'payment', 'GET', (order) => `/captures?order_id=${order}&idempotency_key=${order}:capture`],
    ['lookup_capture', 'payment', 'GET', (order) => `/captures?order_id=${order}&idempotency_key=${order}:capture`],
    ['send', 'notification', 'POST', () => '/notifications'],
    ['lookup', 'notification', 'GET', (order) => `/notifications?order_id=${order}`],
  ])('the %s of %s for the order that it matches and for no other (%s)', async (operation, service, method, path) => {
    const [order, other] = [randomUUID(), randomUUID()];
    await fault({ service, operation, mode: 'down', match: { order_id: order } });
    const bodyFor = (of: string) => (path(of).includes(of) ? {} : { order_id: of });
    const call = (of: string) => sandbox.call(method, path(of), method === 'POST' ? bodyFor(of) : undefined);
    expect((await call(other)).status).not.toBe(503);
    expect((await call(order)).status).toBe(503);
  });

  test('refunds and reads of a payment by the order that the payment is for', async () => {
    const [order, other] = [randomUUID(), randomUUID()];
    const ids = await Promise.all(
      [order, other].map(async (of) => {
        await charge(of);
        return (await payments(of))[0].id;
      }),
    );
    await fault({ service: 'payment', operation: '*', mode: 'down', match: { order_id: order } });
    const statuses = async (method: string, path: string) =>
      Promise.all(
        ids.map(async (id) => {
          const key = { 'Idempotency-Key': randomUUID() };
          return (await sandbox.call(method, `/payments/${id}${path}`, method === 'POST' ? {} : undefined, key)).status;
        }),
      );
    expect(await statuses('POST', '/refund')).toEqual([503, 200]);
    expect(await statuses('GET', '')).toEqual([503, 200]);
  });

  test('the service that it names, and never the putting of products and users', async () => {
    await fault({ service: 'inventory', operation: '*', mode: 'down' });
    await fault({ service: 'customer', operation: '*', mode: 'down' });
    expect((await sandbox.call('GET', `/products/${sku}`)).status).toBe(503);
    expect((await sandbox.call('GET', '/products')).status).toBe(503);
    expect((await sandbox.call('GET', '/users/ann')).status).toBe(503);
    expect((await charge(randomUUID())).status).toBe(201);
    const user = { name: 'Ann', email: 'ann@example.com', status: 'ACTIVE' };
    expect((await sandbox.call('PUT', '/users/ann', user)).status).toBe(200);
  });

  test('in the order of their age when several match', async () => {
    await fault({ service: 'payment', operation: 'charge', mode: 'down', times: 1 });
    await fault({ service: 'payment', operation: '*', mode: 'fail_before_effect', times: 1 });
    const order = randomUUID();
    const statuses = [await charge(order), await charge(order), await charge(order)].map(({ status }) => status);
    expect(statuses).toEqual([503, 500, 201]);
  });
});
