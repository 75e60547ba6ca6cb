import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { captureLog } from '../setup/captured-log.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

const log = captureLog();
let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({ logger: log.logger, settings: { LOG_SAMPLE: '0' } });
});
beforeEach(() => {
  log.clear();
});
afterAll(() => rig.stop());

/** What was logged of requests, at info. */
const requests = () =>
  log
    .text()
    .split('\n')
    .filter((line) => line.includes('"msg":"request"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ level }) => level === 30);

test('a request that changes something has one line, with its route, status, time, id, order and the role of who asks', async () => {
  const { body } = await rig.place({}, { headers: { 'x-request-id': 'shop-4711' } });
  expect(requests()).toEqual([
    expect.objectContaining({
      method: 'POST',
      route: '/api/v1/orders',
      status: 201,
      duration_ms: expect.any(Number),
      request_id: 'shop-4711',
      role: 'customer',
      order_id: body.id,
    }),
  ]);
});

test('a request that fails has one line, whatever it asks for, and one by an order number names that', async () => {
  await rig.request('GET', '/api/v1/orders/ORD-99999999', { as: 'support' });
  await rig.request('GET', '/api/v1/orders/4242-is-no-order');
  await rig.request('GET', '/api/v1/orders', { as: null });
  expect(requests()).toMatchObject([
    { route: '/api/v1/orders/:id', status: 404, role: 'support', order_number: 'ORD-99999999' },
    { route: '/api/v1/orders/:id', status: 404, role: 'customer' },
    { route: '/api/v1/orders', status: 401, role: 'none' },
  ]);
  expect(log.text()).not.toContain('4242-is-no-order');
});

test('a refused order is named by the line of its request', async () => {
  const { body, status } = await rig.place({ payment_method: 'tok_declined' });
  expect(status).toBe(402);
  expect(requests()).toMatchObject([{ status: 402, order_id: body.order_id }]);
});

test('a request that belongs to a trace names it, and one whose traceparent is none does not', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await rig.place({}, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
  await rig.place({}, { headers: { traceparent: '00-zz-00f067aa0ba902b7-01' } });
  const [traced, untraced] = requests();
  expect(traced).toMatchObject({ trace_id: traceId });
  expect(untraced).not.toHaveProperty('trace_id');
});

test('of reads that succeed only the share is logged that LOG_SAMPLE says, and probes not at all', async () => {
  await rig.request('GET', '/api/v1/orders');
  await rig.request('GET', '/readyz');
  expect(requests()).toEqual([]);
});
