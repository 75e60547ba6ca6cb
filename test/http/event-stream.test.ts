import { once } from 'node:events';
import { connect } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, test, vi } from 'vitest';
import { openEventStream, type EventStream } from '../../src/http/routes/orders/event-stream.ts';
import { listen } from '../../src/http/listen.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { eventually } from '../setup/eventually.ts';

const HOUR_MS = 3_600_000;
const kilobyte = { id: 1, event: 'order.updated', data: 'x'.repeat(1_000) };

test('what waits for a client that does not read is bounded: it is cut off once, and later events are dropped', () => {
  const cutOff = vi.fn<() => void>();
  const onEnd = vi.fn<() => void>();
  const stream = openEventStream({ lifeMs: HOUR_MS, cutOff }, onEnd);
  let sent = 0;
  while (cutOff.mock.calls.length === 0 && sent < 1_000) {
    stream.send([kilobyte]);
    sent += 1;
  }
  expect(sent).toBeGreaterThan(50);
  expect(sent).toBeLessThan(70);
  stream.send([kilobyte]);
  stream.end();
  expect([cutOff.mock.calls.length, onEnd.mock.calls.length]).toEqual([1, 1]);
});

test('events that were read together are sent together, however many bytes they are', async () => {
  const cutOff = vi.fn<() => void>();
  const stream = openEventStream({ lifeMs: HOUR_MS, cutOff }, () => {});
  stream.send(Array.from({ length: 100 }, () => kilobyte));
  stream.end();
  expect((await new Response(stream.body).text()).match(/event: order.updated/g)).toHaveLength(100);
  expect(cutOff).not.toHaveBeenCalled();
});

test('a connection that nothing happens on is kept alive by comments', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'clearTimeout'] });
  vi.resetModules();
  const fresh = await import('../../src/http/routes/orders/event-stream.ts');
  const stream = fresh.openEventStream({ lifeMs: HOUR_MS, cutOff: () => {} }, () => {});
  await vi.advanceTimersByTimeAsync(45_000);
  stream.end();
  vi.useRealTimers();
  expect(await new Response(stream.body).text()).toBe('retry: 2000\n\n:\n\n:\n\n:\n\n');
});

test('the connection of a client that does not read is broken', async () => {
  let stream: EventStream | undefined;
  const onEnd = vi.fn<() => void>();
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/', (c) => {
    stream = openEventStream({ lifeMs: HOUR_MS, cutOff: () => c.env.outgoing.destroy() }, onEnd);
    return c.body(stream.body, 200, { 'content-type': 'text/event-stream' });
  });
  const port = await freePort();
  const server = await listen(app, { host: '127.0.0.1', port });
  const socket = connect(port, '127.0.0.1').pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await eventually(() => expect(stream).toBeDefined());
  const megabyte = { ...kilobyte, data: 'x'.repeat(1_000_000) };
  await eventually(() => {
    stream?.send([megabyte]);
    expect(onEnd).toHaveBeenCalledOnce();
  });
  const closed = once(socket, 'close');
  socket.on('error', () => {}).resume();
  await closed;
  await server.close(1_000);
});
