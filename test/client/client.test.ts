import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { answerOf, createOrdersClient, followOrder, StrangeAnswerError } from '../../src/client/client.ts';
import { patientFetch } from '../../src/client/patient-fetch.ts';
import { readEvents } from '../../src/client/read-events.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

/** A server that answers each request by the next of `answers`, and what it was asked. */
async function serve(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    request.resume();
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    answer?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const busy = (response: ServerResponse) => response.writeHead(503, { 'retry-after': '0' }).end();
const broken = (response: ServerResponse) => response.destroy();
const fine = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
const cut = (text: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text, () => response.destroy());
};

test('a request whose answer was lost or was 503 is sent again under the same idempotency key', async () => {
  const { url, asked } = await serve(broken, busy, fine);
  const answer = await patientFetch({})(url, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(200);
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/^[\w-]{36}$/);
  expect(new Set(keys).size).toBe(1);
});

test('the key that a caller gives is kept, and a read has none', async () => {
  const { url, asked } = await serve(fine);
  await patientFetch({})(url, { method: 'DELETE', headers: { 'Idempotency-Key': 'mine' } });
  await patientFetch({})(url);
  expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['mine', undefined]);
});

test('patience ends: the last answer, or the last failure, is what the caller gets', async () => {
  const away = await serve(busy);
  expect((await patientFetch({ repeats: 2 })(away.url)).status).toBe(503);
  expect(away.asked).toHaveLength(3);
  const dead = await serve(broken);
  await expect(patientFetch({ repeats: 1 })(dead.url)).rejects.toThrow('fetch failed');
  expect(dead.asked).toHaveLength(2);
});

test('whoever aborts waits for nothing', async () => {
  const { url, asked } = await serve((response) => response.writeHead(503, { 'retry-after': '9' }).end());
  const abort = new AbortController();
  const pending = patientFetch({})(url, { signal: abort.signal });
  pending.catch(() => abort);
  await expect.poll(() => asked.length).toBe(1);
  abort.abort(new Error('enough'));
  await expect(pending).rejects.toThrow('enough');
});

test('an id with a slash or a dot asks for no other route', async () => {
  const { url, asked } = await serve(fine);
  const client = createOrdersClient(url, { token: 't' });
  await client.orders[':id'].$get({ param: { id: '../../healthz?x#y' } });
  expect(asked.map((request) => request.url)).toEqual(['/api/v1/orders/..%2F..%2Fhealthz%3Fx%23y']);
  expect(() => client.orders[':id'].$get({ param: { id: '..' } })).toThrow("can't be the id of a path");
});

test('an answer that is none of the API is told as such', async () => {
  const { url } = await serve((response) => response.writeHead(502).end('<html>Bad gateway'));
  const client = createOrdersClient(url, { token: 't', repeats: 0 });
  await expect(answerOf(client.orders.$get({ query: {} }))).rejects.toThrow(StrangeAnswerError);
});

test('events are read whole, however the stream is cut, and comments are left out', async () => {
  const stream =
    ':hello\n\nid: 1\nevent: a\ndata: {"x":\ndata: "ü"}\r\n\r\nevent: b\ndata:plain\r\r: more\n\nid: 2\n\ndata\n\nevent: lost';
  const bytes = new TextEncoder().encode(stream);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
        controller.close();
      },
    });
    expect(await all(readEvents(body))).toEqual([
      { id: '1', type: 'a', data: { x: 'ü' } },
      { id: undefined, type: 'b', data: 'plain' },
      { id: undefined, type: 'message', data: '' },
    ]);
  }
});

test('a stream that falls silent is given up', async () => {
  const body = new ReadableStream<Uint8Array>({ start: () => {} });
  await expect(all(readEvents(body, 10))).rejects.toThrow('silent');
});

test('an order is followed across lost connections behind the last event, until its end', async () => {
  const { url, asked } = await serve(
    cut('id: 7\nevent: order.snapshot\ndata: {"status":"PENDING"}\n\n'),
    busy,
    broken,
    cut('id: 8\nevent: order.confirmed\ndata: {"status":"CONFIRMED"}\n\nevent: end\ndata: {}\n\n'),
  );
  let lost = 0;
  const events = await all(followOrder(url, 'x', { token: 't', onLost: () => (lost += 1) }));
  expect(events.map(({ type }) => type)).toEqual(['order.snapshot', 'order.confirmed']);
  expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7', '7', '7']);
  expect(lost).toBe(3);
});

test('whoever comes back to an order that is final gets no event and no error', async () => {
  const { url } = await serve((response) => response.writeHead(204).end());
  expect(await all(followOrder(url, 'x', { token: 't', lastEventId: '9' }))).toEqual([]);
});
