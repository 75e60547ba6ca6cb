import { describe, expect, test } from 'vitest';
import { everyCall, failuresOf, gatewaysTo } from './calls.ts';
import { httpReply, startFakeService } from './fake-service.ts';

const html = '<!doctype html><title>Welcome to nginx</title>';

/** Calls that read nothing from a reply but its status. */
const contentWithSuccess = { 'inventory.release': 'no error', 'notification.send': 'no error' };

async function failuresAfter(reply: string, options?: { cut: boolean }) {
  const service = await startFakeService(reply, options);
  const failures = await failuresOf(gatewaysTo(service.url));
  await service.stop();
  return failures;
}

test.each([
  ['a page of HTML', httpReply('200 OK', html, { type: 'text/html' })],
  ['JSON that ends in the middle', httpReply('200 OK', '{"id": "x", "stat')],
  ['JSON that is shorter than it says', httpReply('200 OK', '{"id": "x"}', { length: 500 })],
  ['a head that is no HTTP', 'SSH-2.0-OpenSSH_9.2p1\r\n'],
  ['nothing before the connection closes', ''],
])('%s as an answer leaves the outcome of every call unknown', async (_, reply) => {
  expect(await failuresAfter(reply)).toEqual(everyCall('unknown'));
});

test.each([
  ['', ''],
  [' in the middle of an answer', httpReply('200 OK', '{"id": "x"', { length: 500 })],
])('a connection that is cut%s leaves the outcome of every call unknown', async (_, reply) => {
  expect(await failuresAfter(reply, { cut: true })).toEqual(everyCall('unknown'));
});

test.each([
  ['an empty body', ''],
  ['null', 'null'],
  ['an empty object', '{}'],
  ['a list', '[]'],
  ['fields of other types', '{"id": 1, "status": 2, "data": "none", "refunded": 3, "expires_at": 4}'],
  [
    'amounts that are none',
    '{"data": [{"id": "x", "sku": "x", "name": "x", "price": "1e3", "currency": "EUR"}], "refunded": "-1.00"}',
  ],
  ['a currency that is none', '{"data": [{"id": "x", "sku": "x", "name": "x", "price": "1", "currency": "EURO"}]}'],
])('%s where more is expected leaves the outcome unknown', async (_, body) => {
  expect(await failuresAfter(httpReply('200 OK', body))).toEqual({ ...everyCall('unknown'), ...contentWithSuccess });
});

test('a status that is not of the protocol leaves the outcome of charges and reservations unknown', async () => {
  const body = '{"id": "x", "status": "FAILED", "expires_at": null, "data": [{"id": "x", "status": "FAILED"}]}';
  const failures = await failuresAfter(httpReply('200 OK', body));
  const readers = ['payment.charge', 'payment.findCharge', 'payment.capture', 'inventory.reserve', 'inventory.commit'];
  expect(failures).toMatchObject(Object.fromEntries(readers.map((call) => [call, 'unknown'])));
});

describe('a failure with an unreadable body is judged by its status', () => {
  test.each([
    ['500 Internal Server Error', 'unknown'],
    ['502 Bad Gateway', 'unknown'],
    ['504 Gateway Timeout', 'unknown'],
    ['408 Request Timeout', 'unknown'],
    ['503 Service Unavailable', 'unreachable'],
    ['429 Too Many Requests', 'unreachable'],
    ['400 Bad Request', 'rejected'],
    ['401 Unauthorized', 'unreachable'],
    ['403 Forbidden', 'unreachable'],
    ['422 Unprocessable Content', 'rejected'],
    ['409 Conflict', 'refused'],
  ])('%s is %s', async (status, kind) => {
    expect(await failuresAfter(httpReply(status, html, { type: 'text/html' }))).toEqual(everyCall(kind));
    expect(await failuresAfter(httpReply(status, ''))).toEqual(everyCall(kind));
  });
});
