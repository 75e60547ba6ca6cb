import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { createKeyRing } from '../src/key-ring.ts';
import { createPayloadCodec, type Payload } from '../src/temporal/payload-codec.ts';
import { createTracer } from '../src/tracing/open-telemetry.ts';
import { loggerOptions, type Logger } from '../src/logger.ts';
import { createRegistry } from '../src/metrics/create-registry.ts';
import type { MetricsRecorder } from '../src/metrics/record-metrics.ts';
import type { Tracer } from '../src/tracing/trace.ts';
import { computePercentiles } from './measures.ts';
import type { PartReport } from './part.ts';

const MAX_CODEC_MS = 0.3;
/** A twentieth of what API and worker take for an order. */
const MAX_TRACING_MS = 0.5;
/** Three hundredths of the same, for encryption, metrics and log lines together. */
const MAX_TOGETHER_MS = 0.3;
/** Three hundredths of the 0.25 ms that the API takes for a read. */
const MAX_READ_MS = 0.0075;

const ROUNDS = 15;
/** So few that none of their spans is dropped, which is what becomes of too many at once. */
const ORDERS_A_ROUND = 400;
/** After so many orders the exporter has its turn, as it has between real ones. */
const ORDERS_A_TURN = 20;

/** Spans of an order that goes well, from its request to its events, and how many of them say how long something took that is over. */
const SPANS = { nested: 11, past: 6 };

/** Measures without any server how much CPU encryption and traces take of API and worker, for an order that goes well. */
export async function benchOverheads(say: (line: string) => void): Promise<PartReport> {
  say('measuring encryption and traces');
  const payloads = await readPayloads();
  const bytes = payloads.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  const codecMs = await measureCodec(payloads);
  const tenth = await measureTracing(0.1);
  const all = await measureTracing(1);
  const metricsMs = await measureMetrics(recordOrder);
  const logMs = await measureLog(logOrder);
  const readMetricsMs = await measureMetrics(recordRequest);
  // Of many reads a tenth is logged, unless LOG_SAMPLE says otherwise.
  const readLogMs = (await measureLog(logRequest)) / 10;
  const together = codecMs + metricsMs + logMs;
  const spans = SPANS.nested + SPANS.past;
  return {
    facts: [
      `encryption: ${payloads.length} payloads, ${bytes} bytes an order, each encrypted and decrypted once: ${codecMs.toFixed(3)} ms`,
      `traces, ${spans} spans an order: ${tenth.ms.toFixed(3)} ms when a tenth of the orders is recorded, ${all.ms.toFixed(3)} ms when all are`,
      `metrics, ${METRICS_OF_AN_ORDER} records an order: ${metricsMs.toFixed(4)} ms; a read's: ${readMetricsMs.toFixed(4)} ms`,
      `log lines at info, three an order: ${logMs.toFixed(4)} ms; of a read, of which a tenth is logged: ${readLogMs.toFixed(4)} ms`,
      `spans that a collector got of each order: ${tenth.exported.toFixed(2)} and ${all.exported.toFixed(2)}`,
    ],
    targets: [
      atMost(`encryption at most ${MAX_CODEC_MS} ms an order`, MAX_CODEC_MS, codecMs),
      atMost(`traces of a tenth at most ${MAX_TRACING_MS} ms an order`, MAX_TRACING_MS, tenth.ms),
      atMost(`encryption, metrics and log lines at most ${MAX_TOGETHER_MS} ms an order`, MAX_TOGETHER_MS, together),
      atMost(`metrics and log lines at most ${MAX_READ_MS} ms a read`, MAX_READ_MS, readMetricsMs + readLogMs),
    ],
  };
}

function atMost(name: string, bound: number, measured: number) {
  return { name, measured, met: measured <= bound };
}

const bytesSchema = z.base64().transform((encoded) => Buffer.from(encoded, 'base64'));
const payloadSchema = z.object({ metadata: z.record(z.string(), bytesSchema), data: bytesSchema });

/** All that is encrypted in the recorded history of a confirmed order. */
async function readPayloads(): Promise<Payload[]> {
  const file = join(import.meta.dirname, '../test/histories/confirmed.json');
  return listPayloads(JSON.parse(await readFile(file, 'utf8')));
}

function listPayloads(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null) return [];
  const payload = payloadSchema.safeParse(value);
  if (payload.success) return [payload.data];
  // Temporal has to read these.
  const parts = Object.entries(value).filter(([name]) => name !== 'searchAttributes');
  return parts.flatMap(([, part]) => listPayloads(part));
}

async function measureCodec(payloads: readonly Payload[]): Promise<number> {
  const codec = createPayloadCodec(createKeyRing([['bench', randomBytes(32)]]));
  return await measureOrder(() =>
    runOrders(async () => {
      for (const payload of payloads) await codec.decode(await codec.encode([payload]));
    }),
  );
}

/** Measures with a collector that only counts; it is in this process, and its CPU is measured with the rest. */
async function measureTracing(ratio: number): Promise<{ ms: number; exported: number }> {
  const bodies: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    bodies.push(await text(request));
    response.setHeader('content-type', 'application/json').end('{}');
  };
  const collector = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const options = { endpoint, serviceName: 'bench', process: 'bench', sampler: 'traceidratio', ratio } as const;
  const ms = await measureOrder(async () => {
    const tracer = createTracer(options, pino({ enabled: false }));
    await runOrders(() => traceOrder(tracer));
    await tracer.close();
  });
  collector.close();
  const spans = bodies.reduce((sum, body) => sum + (body.match(/"spanId"/g)?.length ?? 0), 0);
  return { ms, exported: spans / (ORDERS_A_ROUND * ROUNDS) };
}

/** How many counters and histograms an order that goes well changes, its request among them. */
const METRICS_OF_AN_ORDER = 19;

async function measureMetrics(record: (recorder: MetricsRecorder) => void): Promise<number> {
  const { recorder } = createRegistry();
  return await measureOrder(() =>
    runOrders(async () => {
      record(recorder);
    }),
  );
}

function recordOrder(recorder: MetricsRecorder): void {
  recordRequest(recorder);
  recorder.count('orders_created_total', { source: 'api' }, 1);
  recorder.count('orders_transitions_total', { to: 'PENDING' }, 1);
  recorder.count('orders_transitions_total', { to: 'CONFIRMED' }, 1);
  recorder.count('orders_value_total', { currency: 'EUR' }, 25);
  recorder.count('payments_total', { outcome: 'captured' }, 1);
  recorder.observe('orders_confirm_seconds', {}, 0.03);
  for (const step of ['reserveInventory', 'chargePayment', 'confirmOrder', 'notifyCustomer']) {
    recorder.observe('saga_step_seconds', { step, outcome: 'done' }, 0.004);
  }
  for (const service of ['inventory', 'customer', 'inventory', 'payment', 'inventory', 'notification']) {
    recorder.observe('service_request_seconds', { service, operation: 'charge', outcome: 'ok' }, 0.004);
  }
}

function recordRequest(recorder: MetricsRecorder): void {
  recorder.change('http_requests_in_flight', {}, 1);
  const labels = { method: 'GET', route: '/api/v1/orders/{id}', status: '200' };
  recorder.observe('http_request_duration_seconds', labels, 0.004);
  recorder.change('http_requests_in_flight', {}, -1);
}

/** With the redaction that the product has, to where nothing is kept. */
async function measureLog(log: (logger: Logger) => void): Promise<number> {
  const logger = pino(loggerOptions('info', 'bench'), pino.destination('/dev/null'));
  return await measureOrder(() =>
    runOrders(async () => {
      log(logger);
    }),
  );
}

const OF_ORDER = {
  request_id: 'c47ada7a-93ab-4f45-8d02-e77107272331',
  order_id: '01a21ff9-c656-7f1c-9e27-25f59e27abc3',
};

function logOrder(logger: Logger): void {
  const order = { ...OF_ORDER, order_number: 'ORD-00000042', from: 'PENDING', to: 'CONFIRMED', actor: 'system:saga' };
  logger.info(order, 'order accepted');
  logger.info(order, 'order status changed');
  logRequest(logger);
}

function logRequest(logger: Logger): void {
  const request = { method: 'GET', route: '/api/v1/orders/{id}', status: 200, duration_ms: 4.2, role: 'customer' };
  logger.info({ ...OF_ORDER, ...request }, 'request');
}

/** As many spans as an order has, with as much to say. */
async function traceOrder(tracer: Tracer): Promise<void> {
  const attributes = { 'temporal.workflow_id': 'order-', 'temporal.run_id': 'run-', 'http.request.method': 'POST' };
  await tracer.inSpan({ name: 'POST', kind: 'server', attributes }, async (describe) => {
    for (let n = 1; n < SPANS.nested; n += 1) {
      await tracer.inSpan({ name: 'RunActivity', attributes }, () => Promise.resolve(tracer.activeTraceparent()));
    }
    for (let n = 0; n < SPANS.past; n += 1) {
      const endedAtMs = Date.now();
      tracer.recordSpan({ name: 'SQL', kind: 'client', attributes, startedAtMs: endedAtMs - 1, endedAtMs });
    }
    describe({ name: 'POST /api/v1/orders', attributes: { 'http.response.status_code': 201 } });
  });
}

async function runOrders(work: () => Promise<void>): Promise<void> {
  for (let order = 0; order < ORDERS_A_ROUND; order += 1) {
    await work();
    if (order % ORDERS_A_TURN === 0) await nextTurn();
  }
}

/** The CPU milliseconds of one order, all threads of the process included: the median of several rounds, the first of which warms up. */
async function measureOrder(runRound: () => Promise<void>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await runRound();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 1_000 / ORDERS_A_ROUND);
  }
  return computePercentiles(rounds.slice(1)).p50;
}
