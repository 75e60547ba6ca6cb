import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

/** The product that is reserved. */
export const sku = 'mug';

/** A sandbox for the tests of a file, with a product, a customer and no faults at the start of each, and the calls that a fault can hit. */
export function useFaultySandbox() {
  let running: TestSandbox;
  beforeAll(async () => {
    running = await startTestSandbox();
    await running.call('PUT', `/products/${sku}`, { name: 'Mug', price: '2.50', currency: 'EUR', stock: 1000 });
    await running.call('PUT', '/users/ann', { name: 'Ann', email: 'ann@example.com', status: 'ACTIVE' });
  });
  afterEach(() => running.call('DELETE', '/faults'));
  afterAll(() => running.stop());

  const call: TestSandbox['call'] = (...request) => running.call(...request);
  return {
    sandbox: { call, restart: () => running.restart() },
    fault: async (body: Record<string, unknown>) => {
      const answer = await call('POST', '/faults', body);
      expect(answer.status).toBe(201);
      return answer.body;
    },
    charge: (order_id: string, signal?: AbortSignal) =>
      fetch(`${running.url}/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `${order_id}:charge` },
        body: JSON.stringify({ order_id, amount: '42.00', currency: 'EUR', payment_method: 'tok_ok' }),
        ...(signal && { signal }),
      }),
    reserve: (order_id: string) =>
      call('POST', '/reservations', { order_id, items: [{ sku, quantity: 1 }], expires_in_seconds: 600 }),
    payments: async (orderId: string) => (await call('GET', `/payments/order/${orderId}`)).body.data,
    faults: async () => (await call('GET', '/faults')).body.data,
  };
}
