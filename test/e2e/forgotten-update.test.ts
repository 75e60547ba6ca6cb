import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startTestSystem, teaOrder, type TestSystem } from './system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});

afterAll(async () => {
  await system.destroy();
});

test('a cancellation that has begun is finished, though worker and engine die before they have told each other of it', async () => {
  const { body: order } = await system.call('POST', '/orders', { body: teaOrder, headers: { prefer: 'wait=30' } });
  expect(order.status).toBe('CONFIRMED');
  // The money is given back, then this compensation holds up whatever it runs in.
  await system.sandbox('POST', '/faults', {
    service: 'inventory',
    operation: 'release',
    mode: 'timeout_after_effect',
    times: 1,
  });
  const cancelling = system.call('POST', `/orders/${order.id}/cancel`, { body: { reason: 'changed my mind' } });
  cancelling.catch(() => {});
  await eventually(async () => {
    const { body } = await system.sandbox('GET', `/payments/order/${order.id}`);
    return body.data[0].status === 'REFUNDED';
  });
  for (const name of ['app', 'temporal'] as const) process.kill(system.running().pids[name]!, 'SIGKILL');
  await system.sandbox('DELETE', '/faults');

  await eventually(async () => {
    const { body } = await system.call('GET', `/orders/${order.id}`);
    expect(body).toMatchObject({ status: 'CANCELLED', payment_status: 'REFUNDED', saga_state: 'COMPENSATED' });
  });
  expect((await system.sandbox('GET', `/reservations/${order.id}`)).body.status).toBe('RELEASED');
});
