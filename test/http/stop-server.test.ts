import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { createApi } from '../../src/http/app.ts';
import { listen } from '../../src/http/listen.ts';
import { startTestSandbox } from '../dev/sandbox/sandbox.ts';
import { openApiParts } from './api-parts.ts';

/** A server whose answer to a path comes when it is told to, after `begin` in two parts. */
async function startServer() {
  const port = await freePort();
  const waiting = new Map<string, (text: string) => void>();
  const fetch = async ({ url }: Request) => {
    const { pathname } = new URL(url);
    if (pathname === '/now') return new Response('now');
    const text = new Promise<string>((resolve) => waiting.set(pathname, resolve));
    if (pathname !== '/stream') return new Response(await text);
    const body = new ReadableStream<Uint8Array>({
      start: async (controller) => {
        controller.enqueue(new TextEncoder().encode('begun '));
        controller.enqueue(new TextEncoder().encode(await text));
        controller.close();
      },
    });
    return new Response(body);
  };
  const server = await listen({ fetch }, { host: '127.0.0.1', port });
  return {
    port,
    server,
    answer: (path: string) => waiting.get(path)?.('done'),
    isAsked: (path: string) => waiting.has(path),
  };
}

interface Client {
  /** Resolves with the head of the answer, read or not. */
  readonly ask: (path: string) => Promise<IncomingMessage>;
  readonly agent: Agent;
}

/** A client that keeps one connection, as proxies do. */
function keepConnection(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (path: string) => {
    const [response] = (await once(get({ port, path, agent, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
    return response;
  };
  return { ask, agent };
}

async function read(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

async function askNow({ ask }: Client): Promise<{ text: string; connection: string | undefined }> {
  const response = await ask('/now');
  return { text: await read(response), connection: response.headers.connection };
}

test.each(['/later', '/stream'])(
  'a server that closes answers %s, which is under way, and then ends the connection',
  async (path) => {
    const { port, server, answer, isAsked } = await startServer();
    const client = keepConnection(port);
    const response = client.ask(path);
    await expect.poll(() => isAsked(path)).toBe(true);
    if (path === '/stream') await response;
    const closed = server.close(60_000);
    answer(path);
    expect(await read(await response)).toContain('done');
    await closed;
  },
);

test('a server that sends its clients away goes on answering, and each answer ends its connection', async () => {
  const { port, server, answer, isAsked } = await startServer();
  const [kept, busy] = [keepConnection(port), keepConnection(port)];
  expect(await askNow(kept)).toEqual({ text: 'now', connection: 'keep-alive' });
  const later = busy.ask('/later');
  await expect.poll(() => isAsked('/later')).toBe(true);
  server.sendAway();
  answer('/later');
  expect((await later).headers.connection).toBe('close');
  expect(await askNow(kept)).toEqual({ text: 'now', connection: 'close' });
  expect(await askNow(keepConnection(port))).toEqual({ text: 'now', connection: 'close' });
  await server.close(60_000);
});

test('a connection whose answer began before its client was sent away takes one more request', async () => {
  const { port, server, answer } = await startServer();
  const client = keepConnection(port);
  const stream = await client.ask('/stream');
  server.sendAway();
  answer('/stream');
  expect([stream.headers.connection, await read(stream)]).toEqual(['keep-alive', 'begun done']);
  expect(await askNow(client)).toEqual({ text: 'now', connection: 'close' });
  await server.close(60_000);
});

test('a request that never ends is cut off when the time for it is over', async () => {
  const { port, server } = await startServer();
  const stream = await keepConnection(port).ask('/stream');
  await server.close(1);
  await expect(read(stream)).rejects.toThrow('aborted');
});

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

test('an API that was told to stop is alive and not ready, and still accepts what comes', async () => {
  const parts = openApiParts({ url: sandbox.url, databaseUrl: sandbox.runningUrl });
  const stopping = new AbortController();
  const api = createApi({ ...parts, isStopping: () => stopping.signal.aborted });
  const status = async (path: string) => (await api.request(path)).status;
  expect([await status('/readyz'), await status('/healthz')]).toEqual([200, 200]);
  stopping.abort();
  expect([await status('/readyz'), await status('/healthz')]).toEqual([503, 200]);
  expect(await status('/openapi.json')).toBe(200);
  await parts.changes.close();
  await parts.database.close();
});
