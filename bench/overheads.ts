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
import type { Tracer } from '../src/tracing/trace.ts';
import { computePercentiles } from './measures.ts';
import type { PartReport } from './part.ts';

const MAX_CODEC_MS = 0.3;
/** A twentieth of what API and worker take for an order. */
const MAX_TRACING_MS = 0.5;

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
  const spans = SPANS.nested + SPANS.past;
  return {
    facts: [
      `encryption: ${payloads.length} payloads, ${bytes} bytes an order, each encrypted and decrypted once: ${codecMs.toFixed(3)} ms`,
      `traces, ${spans} spans an order: ${tenth.ms.toFixed(3)} ms when a tenth of the orders is recorded, ${all.ms.toFixed(3)} ms when all are`,
      `spans that a collector got of each order: ${tenth.exported.toFixed(2)} and ${all.exported.toFixed(2)}`,
    ],
    targets: [
      atMost(`encryption at most ${MAX_CODEC_MS} ms an order`, MAX_CODEC_MS, codecMs),
      atMost(`traces of a tenth at most ${MAX_TRACING_MS} ms an order`, MAX_TRACING_MS, tenth.ms),
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
