import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureLog } from '../setup/captured-log.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
const log = captureLog();

beforeAll(async () => {
  rig = await startApiRig({ logger: log.logger });
});
afterAll(() => rig.stop());

describe('the API', () => {
  test('answers an unknown path with a 404 problem', async () => {
    const { status, headers, body } = await rig.request('GET', '/api/v2/orders');
    expect([status, headers.get('content-type'), body.code]).toEqual([404, 'application/problem+json', 'NOT_FOUND']);
  });

  test.each([
    ['PATCH', '/api/v1/orders', 'POST, GET, HEAD'],
    ['POST', '/api/v1/orders/x', 'GET, HEAD, DELETE, PATCH, PUT'],
    ['DELETE', '/healthz', 'GET, HEAD'],
    ['DELETE', '/api/v1/orders/export', 'GET, HEAD'],
    ['GET', '/api/v1/orders/batch', 'POST'],
  ])('answers %s %s with a 405 problem that lists what is allowed', async (method, path, allowed) => {
    const { status, headers, body } = await rig.request(method, path, { as: null });
    expect([status, body.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(headers.get('allow')?.split(', ').toSorted()).toEqual(allowed.split(', ').toSorted());
  });

  test('gives every problem all its members, with the id of the request', async () => {
    const { headers, body } = await rig.request('GET', '/nowhere', { headers: { 'X-Request-Id': 'abc-123' } });
    expect(headers.get('x-request-id')).toBe('abc-123');
    expect(body).toEqual({
      type: 'urn:order-saga:problem:not-found',
      title: 'There is nothing here',
      status: 404,
      detail: 'There is nothing at this path.',
      instance: '/nowhere',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      error: 'Not Found',
      code: 'NOT_FOUND',
      message: 'There is nothing at this path.',
      path: '/nowhere',
      request_id: 'abc-123',
      details: [],
    });
  });

  test('makes up an id for a request whose own is not fit for a log', async () => {
    const { headers } = await rig.request('GET', '/healthz', { headers: { 'X-Request-Id': 'a b<c>' } });
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  test('sends secure headers with everything', async () => {
    const { headers } = await rig.request('GET', '/api/v1/orders');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('forbids caches to store personal data', async () => {
    const placed = await rig.place();
    const answers = [
      placed,
      await rig.request('GET', `/api/v1/orders/${placed.body.id}`),
      await rig.request('GET', '/api/v1/orders'),
      await rig.request('GET', '/api/v1/orders/export', { as: 'support' }),
      await rig.request('GET', '/api/v1/orders/nonsense'),
      await rig.request('GET', '/api/v1/orders', { as: null }),
    ];
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(answers.map(() => 'no-store'));
  });

  test('shows no internals when it fails', async () => {
    const { body: placed } = await rig.place();
    await rig.sandbox.call('GET', '/healthz');
    await rig.database.pool.query('alter table order_status_history rename to elsewhere');
    const { status, body } = await rig.request('GET', `/api/v1/orders/${placed.id}/history`);
    await rig.database.pool.query('alter table elsewhere rename to order_status_history');
    expect([status, body.code]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(body)).not.toMatch(/order_status_history|relation|select/);
  });

  test('logs requests by route and id, and nothing that is personal or can pay', async () => {
    log.clear();
    const { body } = await rig.place({ notes: 'gate code 1234' });
    await rig.place({ notes: 'card 4242 4242 4242 4242' });
    await rig.place({ payment_method: '4242424242424242' });
    await rig.request('GET', `/api/v1/orders/${body.id}?x=4242424242424242`);
    await rig.request('GET', '/api/v1/orders?q=4242424242424242');
    const lines = log
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'request',
        method: 'POST',
        route: '/api/v1/orders',
        status: 201,
        request_id: expect.any(String),
      }),
    );
    expect(log.text()).not.toMatch(/4242 ?4242|gate code|Alice Archer|High Street|tok_ok|eyJ/);
  });
});
