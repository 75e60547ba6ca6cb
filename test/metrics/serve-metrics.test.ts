import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { serveMetrics } from '../../src/metrics/serve-metrics.ts';
import { captureLog } from '../setup/captured-log.ts';
import { eventually } from '../setup/eventually.ts';

async function serve(render: () => Promise<string>, taken?: number) {
  const port = taken ?? (await freePort());
  const log = captureLog();
  const server = serveMetrics({ host: '127.0.0.1', port, contentType: 'text/plain', render }, log.logger);
  onTestFinished(() => server.close());
  return { url: `http://127.0.0.1:${port}/metrics`, log, server, port };
}

async function takePort(): Promise<{ server: Server; port: number }> {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port };
}

test('a crowd of requests is answered, and nothing but the metrics is served', async () => {
  const { url, log } = await serve(() => Promise.resolve('up 1\n'));
  await eventually(() => log.text().includes('metrics are served'));
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).text()));
  expect(new Set(answers)).toEqual(new Set(['up 1\n']));
  expect((await fetch(new URL('/', url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

test('a port that is taken is logged once with the name of its variable, and ends nothing', async () => {
  const { port } = await takePort();
  const { log, server } = await serve(() => Promise.resolve(''), port);
  await eventually(() => log.text().includes('METRICS_PORT'));
  expect(log.text().trim().split('\n')).toHaveLength(1);
  await server.close();
});

test('metrics that can not be rendered are an error of the scrape, which is logged', async () => {
  const { url, log } = await serve(() => Promise.reject(new Error('out of order')));
  await eventually(() => log.text().includes('metrics are served'));
  expect((await fetch(url)).status).toBe(500);
  expect(log.text()).toContain('out of order');
});
