import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { startTemporalServer, type TemporalServer } from '../../dev/local/temporal-server.ts';
import { readConfig } from '../../src/config.ts';
import { REQUEST_ID } from '../../src/domain/request-id.ts';
import { configuredSinks } from '../../src/events/configured-sinks.ts';
import { publishOutbox } from '../../src/events/publish-outbox.ts';
import { startDeliveryRunner } from '../../src/events/webhooks/delivery-runner.ts';
import { putConfiguredEndpoint } from '../../src/repositories/configured-endpoint.ts';
import { runForRequest } from '../../src/request-context.ts';
import { withClient } from '../../src/temporal/connection.ts';
import { relayBatch } from '../../src/temporal/relay.ts';
import { readRequestId } from '../../src/temporal/request-id.ts';
import { traceClient } from '../../src/temporal/trace-client.ts';
import { createTracer } from '../../src/tracing/open-telemetry.ts';
import { activeTraceparent, inSpan, useTracer } from '../../src/tracing/trace.ts';
import { captureLog } from '../setup/captured-log.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { requiredSettings } from '../setup/settings.ts';
import { createTestNamespace } from '../setup/temporal.ts';
import { confirmed } from '../workflows/later-rig.ts';
import { startReceiver } from './otlp-receiver.ts';

const log = captureLog();
const sampling = { serviceName: 'test', process: 'test', sampler: 'parentbased_always_on', ratio: 1 } as const;

let server: TemporalServer;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let tracer: ReturnType<typeof createTracer>;
let rig: SagaRig;

beforeAll(async () => {
  receiver = await startReceiver();
  tracer = createTracer({ ...sampling, endpoint: receiver.endpoint }, log.logger);
  useTracer(tracer);
  server = await startTemporalServer({
    cli: inject('temporalCli'),
    port: await freePort(),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 40 },
    log: () => {},
  });
  rig = await startSagaRig({}, async () => {
    const engine = await createTestNamespace(server.address);
    const { connection, namespace } = engine;
    return { ...engine, ...withClient(connection, namespace, undefined, [traceClient]) };
  });
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
  await server.stop();
  useTracer(undefined);
  await tracer.close();
  receiver.close();
});

/** Does something as a request does it; answers its trace. */
function traced<T>(work: () => Promise<T>): Promise<{ traceId: string; result: T }> {
  return inSpan({ name: 'POST', kind: 'server' }, async () => ({
    traceId: activeTraceparent()!.slice(3, 35),
    result: await work(),
  }));
}

/** Waits until these spans of a trace have arrived, and looks that none arrived twice. */
async function shows(traceId: string, paths: readonly unknown[]) {
  await eventually(() => expect(receiver.paths(traceId)).toEqual(expect.arrayContaining([...paths])));
  const ids = receiver.spans.map(({ spanId }) => spanId);
  expect(new Set(ids).size).toBe(ids.length);
}

const runs = (traceId: string) => receiver.paths(traceId).filter((path) => path.endsWith('RunWorkflow:CreateOrder'));

const RUN = 'POST > StartWorkflow:CreateOrder > RunWorkflow:CreateOrder';

test('one trace leads from a request through start, workflow, activities, services and SQL to the event', async () => {
  const { traceId, result: id } = await traced(() => rig.place({ traceparent: activeTraceparent() }));
  await rig.reaches(id, 'CONFIRMED');
  const received: { type: string; traceparent?: string }[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    received.push((await json(request)) as (typeof received)[number]);
    response.end();
  };
  const listener = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
  await putConfiguredEndpoint(rig.db, { url, secret }, 0);
  const rules = { maxAttempts: 1, onDeadLetter: 'hold' } as const;
  await publishOutbox({ db: rig.db, sinks: configuredSinks(rig.db, () => {}), rules, logger: log.logger });
  const { webhooks: settings } = readConfig(requiredSettings);
  const runner = startDeliveryRunner({ db: rig.db, settings, policy: 'hold', logger: log.logger });
  await eventually(() => expect(received.map(({ type }) => type)).toContain('order.confirmed'));
  await runner.stop();
  listener.close();

  const sql = expect.stringMatching(/^POST > .*RunActivity:\w+ > SQL with before/);
  await shows(traceId, [
    'POST',
    RUN,
    expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > POST inventory.reserve$/),
    expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > POST payment.charge$/),
    expect.stringMatching(/RunWorkflow:CreateOrder > RunActivity:\w+ > POST notification.send$/),
    'POST > publish order.created',
    'POST > publish order.confirmed',
    sql,
  ]);
  for (const event of received) expect(event.traceparent).toContain(traceId);
  expect(received.map(({ type }) => type)).toEqual(expect.arrayContaining(['order.created', 'order.confirmed']));
});

test('a trace goes on with another worker, in regular activities and after a replay, and no span comes twice', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const { traceId, result: id } = await traced(() => rig.place());
  const charges = () =>
    receiver.spans.filter((span) => span.traceId === traceId && span.name === 'RunActivity:chargePayment');
  await eventually(() => expect(charges()).not.toEqual([]));
  await rig.stopWorker();
  await rig.startWorker();
  await rig.noFaults();
  await rig.reaches(id, 'CONFIRMED');
  await rig.stopWorker();
  await rig.startWorker();
  const cancelling = await traced(() => rig.command(id, 'cancelOrder', {}));
  await rig.replay(id);

  await shows(traceId, [`${RUN} > RunActivity:refundPaymentIfCharged`]);
  await shows(cancelling.traceId, ['POST > StartUpdate:cancelOrder > HandleUpdate:cancelOrder']);
  expect(runs(traceId)).toEqual([RUN]);
  const attempts = charges()
    .map(({ attributes }) => JSON.stringify(attributes))
    .toSorted();
  expect(attempts.length).toBeGreaterThan(1);
  expect(new Set(attempts).size).toBe(attempts.length);
});

test('a trace, and the id of the request, go on when the order continues as a new run', async () => {
  const request = { requestId: 'shop-4711' };
  const { traceId, result: order } = await traced(() => runForRequest(request, () => confirmed(rig)));
  const { runId } = await rig.handle(order.id).describe();
  for (const quantity of [3, 5, 2, 4, 1, 3]) {
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity });
  }
  expect((await rig.handle(order.id).describe()).runId).not.toBe(runId);
  const [started] = (await rig.handle(order.id).fetchHistory()).events ?? [];
  const header = started?.workflowExecutionStartedEventAttributes?.header?.fields?.[REQUEST_ID];
  expect(readRequestId(header ?? undefined, undefined)).toBe('shop-4711');
  await rig.command(order.id, 'cancelOrder', {});
  const inLaterRun = /( > RunWorkflow:CreateOrder){2,} > RunActivity:refundPaymentIfCharged$/;
  await shows(traceId, [expect.stringMatching(inLaterRun)]);
  expect(runs(traceId)).toHaveLength(new Set(runs(traceId)).size);
});

test('an order that the relay starts goes on with the trace that it was placed in', async () => {
  const { traceId, result } = await traced(() => rig.accept({ traceparent: activeTraceparent() }));
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(Date.now() - 60_000) })
    .where('id', '=', result.id)
    .execute();
  const { db, temporal, config, startLimiter } = rig;
  await relayBatch({ db, temporal, config, logger: log.logger, startLimiter });
  await rig.reaches(result.id, 'CONFIRMED');
  await shows(traceId, [
    expect.stringMatching(/^POST > relay > StartWorkflow:CreateOrder > RunWorkflow:CreateOrder > RunActivity:/),
  ]);
  expect(runs(traceId)).toHaveLength(1);
});

test('a collector that is away costs a line in the log, and nothing else', async () => {
  const gone = `http://127.0.0.1:${await freePort()}`;
  const other = createTracer({ ...sampling, endpoint: gone }, log.logger);
  log.clear();
  await other.inSpan({ name: 'one' }, () => Promise.resolve());
  await eventually(() => expect(log.text()).toContain('ECONNREFUSED'));
  await other.inSpan({ name: 'two' }, () => Promise.resolve());
  await other.close();
  expect(log.text().trim().split('\n')).toHaveLength(1);
});

test.each([
  ['always_off', 1, undefined, '00'],
  ['traceidratio', 0, undefined, '00'],
  ['traceidratio', 1, undefined, '01'],
  ['parentbased_traceidratio', 0, '01', '01'],
  ['parentbased_always_on', 1, '00', '00'],
  ['always_on', 1, '00', '01'],
] as const)('%s of %s, after a span that was sampled %s, samples %s', async (sampler, ratio, given, sampled) => {
  const other = createTracer({ ...sampling, endpoint: receiver.endpoint, sampler, ratio }, log.logger);
  const parent = given && `00-${'a'.repeat(32)}-${'b'.repeat(16)}-${given}`;
  const traceparent = await other.inSpan({ name: 'one', parent }, () => Promise.resolve(other.activeTraceparent()));
  expect(traceparent?.slice(-2)).toBe(sampled);
  expect(traceparent?.includes('a'.repeat(32))).toBe(given !== undefined);
  await other.close();
});

test.each(['', 'x', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`])(
  'a request that comes with the traceparent "%s" begins a trace of its own',
  async (parent) => {
    const traceparent = await tracer.inSpan({ name: 'one', parent }, () => Promise.resolve(tracer.activeTraceparent()));
    expect(traceparent).toMatch(/^00-(?!a{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  },
);
