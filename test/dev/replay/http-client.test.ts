import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createHttpClient } from '../../../dev/replay/http-client.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close().closeAllConnections());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

test('a request survives lost connections, 429 and 503, with the same key and body each time', async () => {
  const seen: string[] = [];
  const baseUrl = await listen((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      seen.push(`${request.headers['idempotency-key']?.toString()} ${body}`);
      if (seen.length === 1) request.socket.destroy();
      else if (seen.length < 4) response.writeHead(seen.length === 2 ? 429 : 503, { 'retry-after': '0' }).end();
      else response.writeHead(201).end('{"id":"1"}');
    });
  });
  const client = createHttpClient({ name: 'It', baseUrl, patienceMs: 30_000 });
  const answer = await client({ method: 'POST', path: '/x', headers: { 'idempotency-key': 'k' }, body: { a: 1 } });
  expect(answer).toEqual({ status: 201, body: { id: '1' } });
  expect(seen).toEqual(Array.from({ length: 4 }, () => 'k {"a":1}'));
});

test('a refusal is an answer and is not retried', async () => {
  let requests = 0;
  const baseUrl = await listen((_, response) => {
    requests += 1;
    response.writeHead(409).end('{"code":"ORD002"}');
  });
  const client = createHttpClient({ name: 'It', baseUrl, patienceMs: 30_000 });
  expect(await client({ path: '/' })).toEqual({ status: 409, body: { code: 'ORD002' } });
  expect(requests).toBe(1);
});

test('a server error and an incomplete body are retried', async () => {
  let requests = 0;
  const statuses: (number | undefined)[] = [];
  const baseUrl = await listen((request, response) => {
    requests += 1;
    if (requests === 1) response.writeHead(500).end('{}');
    else if (requests === 2)
      response.writeHead(200, { 'content-length': '100' }).write('{', () => request.socket.destroy());
    else response.end('{"data":[]}');
  });
  const onFailure = (_: unknown, status: number | undefined) => void statuses.push(status);
  const client = createHttpClient({ name: 'It', baseUrl, patienceMs: 30_000, onFailure });
  expect(await client({ path: '/' })).toEqual({ status: 200, body: { data: [] } });
  expect(statuses).toEqual([500, undefined]);
});

test('patience ends, and the next request does not wait all over again', async () => {
  let requests = 0;
  const baseUrl = await listen((_, response) => {
    requests += 1;
    response.writeHead(503, { 'retry-after': '1' }).end();
  });
  const client = createHttpClient({ name: 'It', baseUrl, patienceMs: 2_000 });
  await expect(client({ path: '/' })).rejects.toThrow(/It \(http.*gave no answer within 2 s: status 503/);
  const before = requests;
  await expect(client({ path: '/' })).rejects.toThrow(/status 503/);
  expect(requests - before).toBe(1);
});
