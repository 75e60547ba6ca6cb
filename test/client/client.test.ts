import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createOrdersClient, UnexpectedAnswerError } from '../../src/client/client.ts';
import { readEvents } from '../../src/client/read-events.ts';
import { retryingFetch } from '../../src/client/retrying-fetch.ts';

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

const problem = (status: number, code: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '0' });
  response.end(JSON.stringify({ code, status, detail: 'why' }));
};
const busy = problem(503, 'UNAVAILABLE');
const asksToWait = (retryAfter: string) => (response: ServerResponse) => {
  response.writeHead(429, { 'retry-after': retryAfter }).end();
};
const broken = (response: ServerResponse) => response.destroy();
const fine = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
const cut = (text: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text, () => response.destroy());
};

test('a request whose answer was lost or was 503 is sent again under the same idempotency key', async () => {
  const { url, asked } = await serve(broken, busy, fine);
  const answer = await retryingFetch({})(url, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(200);
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/^[\w-]{36}$/);
  expect(new Set(keys).size).toBe(1);
});

test('the key that a caller gives is kept, and a read has none', async () => {
  const { url, asked } = await serve(fine);
  const client = createOrdersClient(url, { token: 't' });
  await client.cancelOrder({ id: 'x', headers: { 'Idempotency-Key': 'mine' } });
  await client.getOrder({ id: 'x' });
  expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['mine', undefined]);
});

test('retries end: the last answer, or the last failure, is what the caller gets', async () => {
  const away = await serve(busy);
  expect((await retryingFetch({ retries: 2 })(away.url)).status).toBe(503);
  expect(away.asked).toHaveLength(3);
  const dead = await serve(broken);
  await expect(retryingFetch({ retries: 1 })(dead.url)).rejects.toThrow('fetch failed');
  expect(dead.asked).toHaveLength(2);
});

test('a retry comes no sooner than Retry-After asks, in seconds or as a date', async () => {
  const startedAt = Date.now();
  // HTTP dates have whole seconds.
  const date = new Date(Math.ceil((startedAt + 1_000) / 1_000) * 1_000);
  const { url, asked } = await serve(asksToWait('1'), asksToWait(date.toUTCString()), fine);
  await retryingFetch({})(url);
  expect(asked).toHaveLength(3);
  // A timer may fire a millisecond early.
  expect(Date.now()).toBeGreaterThanOrEqual(Math.max(startedAt + 999, date.getTime() - 1));
});

test('whoever is asked to wait for long gets the refusal at once, with how long', async () => {
  const { url, asked } = await serve((response) => {
    response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '45' });
    response.end('{"code":"RATE_LIMITED","status":429,"detail":"why"}');
  });
  const refused = createOrdersClient(url, { token: 't' }).listOrders();
  await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 45 });
  expect(asked).toHaveLength(1);
});

test('whoever aborts waits for nothing', async () => {
  const { url, asked } = await serve((response) => response.writeHead(503, { 'retry-after': '9' }).end());
  const abort = new AbortController();
  const pending = createOrdersClient(url, { token: 't' }).getOrder({ id: 'x', signal: abort.signal });
  pending.catch(() => abort);
  await expect.poll(() => asked.length).toBe(1);
  abort.abort(new Error('enough'));
  await expect(pending).rejects.toThrow('enough');
});

test('an id with a slash or a dot asks for no other route', async () => {
  const { url, asked } = await serve(fine);
  const client = createOrdersClient(url, { token: 't' });
  await client.getOrder({ id: '../../healthz?x#y' });
  expect(asked.map((request) => request.url)).toEqual(['/api/v1/orders/..%2F..%2Fhealthz%3Fx%23y']);
  await expect(client.getOrder({ id: '..' })).rejects.toThrow("can't be the id of a path");
  await expect(all(client.followOrder({ id: '..' }))).rejects.toThrow("can't be the id of a path");
});

test('a file is sent as it is, and what is not given is not sent', async () => {
  const { url, asked } = await serve(fine);
  const client = createOrdersClient(`${url}/`, { token: () => Promise.resolve('fresh') });
  await client.createImport({ 'column.sku': 'Stock Code', currency: undefined, body: new Blob(['a,b']).stream() });
  const [request] = asked;
  expect(request?.url).toBe('/api/v1/imports?column.sku=Stock+Code');
  expect(request?.headers).toMatchObject({ 'content-type': 'text/csv', authorization: 'Bearer fresh' });
});

test('an answer that is none of the API is told as such', async () => {
  const { url } = await serve((response) => response.writeHead(502).end('<html>Bad gateway'));
  const client = createOrdersClient(url, { token: 't', retries: 0 });
  await expect(client.listOrders({})).rejects.toThrow(UnexpectedAnswerError);
});

test('events are read whole, however the stream is cut, and comments are left out', async () => {
  const stream =
    ':hello\n\nid: 1\nevent: a\ndata: {"x":\ndata: "ü"}\r\n\r\nevent: b\ndata:2\n\n: more\n\nid: 2\n\nevent: lost\ndata: 3';
  const bytes = new TextEncoder().encode(stream);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
        controller.close();
      },
    });
    expect(await all(readEvents(body))).toEqual([
      { id: '1', event: 'a', data: { x: 'ü' } },
      { id: undefined, event: 'b', data: 2 },
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
    cut('id: 8\nevent: order.confirmed\ndata: {"status":"CONFIRMED"}\n\nid: 8\nevent: end\ndata: {}\n\n'),
  );
  let lost = 0;
  const client = createOrdersClient(url, { token: 't' });
  const events = await all(client.followOrder({ id: 'x', onLost: () => (lost += 1) }));
  expect(events.map(({ event }) => event)).toEqual(['order.snapshot', 'order.confirmed']);
  expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7', '7', '7']);
  expect(lost).toBe(3);
});

test('whoever comes back to an order that is final gets no event and no error', async () => {
  const { url } = await serve((response) => response.writeHead(204).end());
  const client = createOrdersClient(url, { token: 't' });
  expect(await all(client.followOrder({ id: 'x', lastEventId: '9' }))).toEqual([]);
});

test.each([
  ['a refusal', problem(404, 'ORD004'), { code: 'ORD004' }],
  ['a page of another server', (response: ServerResponse) => response.writeHead(200).end('<html>'), { status: 200 }],
])('%s ends following an order', async (_, answer, error) => {
  const { url, asked } = await serve(answer);
  await expect(all(createOrdersClient(url, { token: 't' }).followOrder({ id: 'x' }))).rejects.toMatchObject(error);
  expect(asked).toHaveLength(1);
});
