import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { logRequests } from '../../../dev/sandbox/log-requests.ts';
import type { SandboxEnv } from '../../../dev/sandbox/request.ts';
import { captureLog } from '../../setup/captured-log.ts';

const ORDER = '01a21fe5-8fca-71c6-9c54-ec9ff0789c5c';
const json = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) });

test.each([
  ['its path', `/reservations/${ORDER}/commit`, { method: 'POST' }, ORDER],
  ['its body, which the service has read', '/payments', json({ order_id: ORDER, amount: '1.00' }), ORDER],
  ['nothing', '/payments', json({ amount: '1.00' }), undefined],
  ['an id of something else', `/users/${ORDER}`, {}, undefined],
])('a line of the sandbox names the order that its request is about, as %s says', async (_, path, request, orderId) => {
  const { logger, text } = captureLog();
  const app = new Hono<SandboxEnv>().use(logRequests(logger));
  app.post('/reservations/:order_id/commit', (c) => c.body(null, 204));
  app.post('/payments', async (c) => c.json(await c.req.json()));
  app.get('/users/:id', (c) => c.body(null, 204));
  await app.request(path, request);
  const line: unknown = JSON.parse(text());
  expect(line).toMatchObject({ msg: 'sandbox answered', status: expect.any(Number) });
  expect((line as Record<string, unknown>)['order_id']).toBe(orderId);
});
