import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../dev/local/free-port.ts';
import { kill } from '../../../dev/local/server-process.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';
import { eventually } from '../../setup/eventually.ts';
import { startReceiver } from '../../tracing/otlp-receiver.ts';
import { BUILD_LIMIT_MS } from '../setup/find-program.ts';
import { startCollector, type Collector } from './start-collector.ts';
import { startListener } from './start-listener.ts';

/** Behind the collector. */
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let listener: Awaited<ReturnType<typeof startListener>>;
let port: number;
let collector: Collector;
let system: TestSystem;
let settings: Record<string, string>;

beforeAll(async () => {
  receiver = await startReceiver();
  listener = await startListener();
  port = await freePort();
  collector = await startCollector(port, receiver.endpoint);
  settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    EVENTS_URL: listener.url,
    EVENTS_SECRET: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
    // An order that waited for the collector would take five seconds, and be answered with 202.
    ORDER_WAIT: '4s',
  };
  system = await startTestSystem(settings);
}, 2 * BUILD_LIMIT_MS);
afterAll(async () => {
  await system.destroy();
  await collector.stop();
  listener.close();
  receiver.close();
});

/** The span of the client that places an order. */
const CLIENT = 'b'.repeat(16);

/** Places an order in a trace; answers its id once it is confirmed. */
async function place(traceId: string): Promise<string> {
  const headers = { traceparent: `00-${traceId}-${CLIENT}-01` };
  const { status, body } = await system.call('POST', '/orders', { body: teaOrder, headers });
  expect({ traceId, status, state: body.status }).toEqual({ traceId, status: 201, state: 'CONFIRMED' });
  return body.id;
}

/** Ids of traces that are the same in each run. */
function traceIds(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    createHash('sha256').update(`${name} ${n}`).digest('hex').slice(0, 32),
  );
}

const POST = 'POST /api/v1/orders';
const RUN = `${POST} > StartWorkflow:CreateOrder > RunWorkflow:CreateOrder`;

/** The tree of an order that goes well, from the request to its events. */
const tree = [
  POST,
  RUN,
  expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > POST inventory\.reserve$/),
  expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > POST payment\.charge$/),
  expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > POST notification\.send$/),
  expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > SQL with before/),
  `${POST} > publish order.created`,
  `${POST} > publish order.confirmed`,
];

/** What the id of an order finds: every step of its way, but for what was asked before there was an order. */
const spansOfAnOrder = [
  POST,
  'StartWorkflow:CreateOrder',
  'RunWorkflow:CreateOrder',
  expect.stringMatching(/^RunActivity:/),
  'POST inventory.reserve',
  'POST payment.charge',
  'POST notification.send',
  expect.stringMatching(/^SQL with before/),
  'publish order.created',
  'publish order.confirmed',
];

/** Has the system run with other settings beside its own. */
async function restart(more: Record<string, string>): Promise<void> {
  await system.stop();
  settings = { ...settings, ...more };
  system = await startTestSystem(settings, system.dataDir);
}

function expectWholeTree(traceId: string): void {
  const paths = receiver.paths(traceId);
  expect(paths).toEqual(expect.arrayContaining(tree));
  // No span hangs in the air.
  expect(paths.filter((path) => !path.startsWith(POST))).toEqual([]);
}

test('a collector gets the tree of an order from its request to the events that are published', async () => {
  const [traceId = ''] = traceIds('one', 1);
  const id = await place(traceId);
  await eventually(() => expectWholeTree(traceId));
  const spans = receiver.spans.filter((span) => span.traceId === traceId);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  const root = spans.find(({ parentSpanId }) => parentSpanId === CLIENT);
  expect(root?.name).toBe(POST);
  const events = listener.events.filter(({ subject }) => subject === id);
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['order.created', 'order.confirmed']));
  for (const { traceparent } of events) expect(traceparent).toContain(traceId);
});

test.each(['plain', 'encrypted'])(
  'a stranger finds the trace of an order by its id, its payloads being %s',
  async (how) => {
    if (how === 'encrypted') await restart({ PAYLOAD_KEYS: `a=${Buffer.alloc(32, 1).toString('base64')}` });
    const [traceId = ''] = traceIds(how, 1);
    const id = await place(traceId);
    await eventually(() => {
      expectWholeTree(traceId);
      const found = receiver.spansOfOrder(id);
      expect(new Set(found.map((span) => span.traceId))).toEqual(new Set([traceId]));
      const names = found.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(spansOfAnOrder));
    });
    expect(
      system
        .output()
        .split('\n')
        .filter((line) => line.includes(id) && line.includes(traceId)),
    ).not.toEqual([]);
  },
);

test('no order waits for a collector that hangs or is gone, and traces go on when it is back', async () => {
  kill(collector.pid, 'SIGSTOP');
  const [back = '', ...away] = traceIds('away', 1_001);
  // Until an export was given up: the collector has been waited for, and not by orders.
  while (!system.output().includes('traces are not exported')) await place(away.pop() ?? '');
  kill(collector.pid, 'SIGKILL');
  for (const traceId of away.splice(0, 10)) await place(traceId);
  await collector.stop();

  collector = await startCollector(port, receiver.endpoint);
  await place(back);
  await eventually(() => expect(receiver.paths(back)).toEqual(expect.arrayContaining(tree)));
});

test('a sampler of a tenth keeps about a tenth of the traces, and each of them whole', async () => {
  await restart({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' });
  const wanted = traceIds('sampled', 100);
  const orders = new Set<string>();
  for (const traceId of wanted) orders.add(await place(traceId));
  await eventually(() => {
    const confirmed = listener.events.filter(({ type, subject }) => type === 'order.confirmed' && orders.has(subject));
    expect(confirmed.length).toBeGreaterThanOrEqual(orders.size);
  });
  // Both give away first what they have.
  await system.stop();
  await collector.stop();

  const kept = wanted.filter((traceId) => receiver.paths(traceId).length > 0);
  expect(kept.length).toBeGreaterThanOrEqual(5);
  expect(kept.length).toBeLessThanOrEqual(15);
  for (const traceId of kept) expectWholeTree(traceId);
});
