import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRunnerRig } from '../../events/webhooks/runner-rig.ts';
import { eventually } from '../../setup/eventually.ts';
import { requiredSettings } from '../../setup/settings.ts';

let rig: Awaited<ReturnType<typeof openRunnerRig>>;

beforeAll(async () => {
  rig = await openRunnerRig();
});
afterEach(() => rig.clear());
afterAll(() => rig.close());

const ENDPOINTS = 1_000;

/** A receiver for many endpoints, each at a path of its own; the first never answers. Notes when each event arrived at each. */
async function startManyReceivers() {
  const arrivals = new Map<string, number>();
  const server = createServer((request, response) => {
    arrivals.set(`${request.url} ${String(request.headers['webhook-id'])}`, performance.now());
    if (request.url === '/0') return;
    void text(request).then(() => response.writeHead(204).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { arrivals, url: (n: number) => `http://127.0.0.1:${port}/${n}`, stop: () => server.closeAllConnections() };
}

/** An attempt waits ten seconds for its answer. A quiet machine delivers to all others within a second. */
const MOST_P99_MS = 5_000;

test('of 1 000 endpoints one hangs, and 99 of 100 deliveries to the others arrive long before it is given up', async () => {
  const many = await startManyReceivers();
  for (let n = 0; n < ENDPOINTS; n += 1) await rig.addEndpoint(many.url(n));
  rig.start({ concurrency: 256, endpointConcurrency: 8 });
  const waits: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const published = performance.now();
    const [id = 0] = await rig.publish(['order.created']);
    const arrivedAt = (n: number) => many.arrivals.get(`/${n} ${id}`);
    await eventually(() => {
      for (let n = 1; n < ENDPOINTS; n += 1) expect(arrivedAt(n)).toBeDefined();
    });
    // The first round also compiles what the others run.
    if (round > 0) for (let n = 1; n < ENDPOINTS; n += 1) waits.push((arrivedAt(n) ?? Infinity) - published);
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Infinity;
  expect(p99).toBeLessThan(MOST_P99_MS);
  many.stop();
});

test('processes that are killed again and again lose no event, and keep each order in order', async () => {
  const endpoint = await rig.endpoint();
  const env = {
    ...process.env,
    ...requiredSettings,
    DATABASE_URL: rig.url,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    LOG_LEVEL: 'silent',
  };
  const start = async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'deliver-until-killed.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };
  const types = ['order.created', 'order.confirmed', 'order.processing', 'order.shipped', 'order.delivered'];
  const orders: number[][] = [];
  for (let kill = 0; kill < 4; kill += 1) {
    const child = await start();
    const before = endpoint.arrived().length;
    const publishing = Array.from({ length: 20 }, () => rig.publish(types, uuidv7()));
    await eventually(() => expect(endpoint.arrived().length).toBeGreaterThan(before + 10));
    child.kill('SIGKILL');
    orders.push(...(await Promise.all(publishing)));
    await rig.passTime(31_000, { forAll: true });
  }
  const last = await start();
  await eventually(() => expect(new Set(endpoint.arrived()).size).toBe(orders.flat().length));
  last.kill('SIGKILL');
  for (const ids of orders) {
    const arrived = endpoint.arrived().filter((id) => ids.includes(id));
    // A repeat comes before anything later of its order.
    expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
    expect([...new Set(arrived)]).toEqual(ids);
  }
});
