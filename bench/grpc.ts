import { create, toBinary } from '@bufbuild/protobuf';
import { GetOrderRequestSchema } from '../src/grpc/generated/orders/v1/order_service_pb.ts';
import { httpRequest } from './connection.ts';
import { connectGrpc, type GrpcConnection } from './grpc-connection.ts';
import { runClosedLoad, type HttpLoad } from './http-load.ts';
import { formatLoad } from './load-line.ts';
import type { Part } from './part.ts';
import { pickOrderIds } from './reads.ts';

const CALLS_AT_ONCE = 32;

/** As few as real clients have, so that calls share connections. */
const CONNECTIONS = 4;
const WARM_UP_SECONDS = 5;
const SECONDS = 10;

/** Measures `GetOrder` by gRPC against `GET /orders/{id}` by HTTP, in turns: the highest rate of each with as many calls at a time. */
export const benchGrpc: Part = async ({ system, grpcUrl, authorization, signal, say }) => {
  const { apiUrl: url, databaseUrl } = system.running();
  const ids = await pickOrderIds(databaseUrl);
  const requests = ids.map((id) => httpRequest('GET', `/api/v1/orders/${id}`, { authorization }));
  const messages = ids.map((orderId) =>
    framed(toBinary(GetOrderRequestSchema, create(GetOrderRequestSchema, { orderId }))),
  );
  let sent = 0;
  const next = () => requests[(sent += 1) % requests.length] ?? '';
  const readByHttp = (seconds: number) => runClosedLoad({ url, connections: CALLS_AT_ONCE, next, signal, seconds });
  const readByGrpc = (seconds: number) => runCalls({ url: grpcUrl, authorization, messages, seconds, signal });
  say('reading orders by HTTP and by gRPC');
  await readByHttp(WARM_UP_SECONDS);
  await readByGrpc(WARM_UP_SECONDS);
  const http = await readByHttp(SECONDS);
  const grpc = await readByGrpc(SECONDS);
  const ratio = goodRate(grpc, 'answered') / goodRate(http, '200');
  return {
    facts: [
      formatLoad(`GET /orders/{id}, ${CALLS_AT_ONCE} at once`, http),
      formatLoad(`GetOrder, ${CALLS_AT_ONCE} at once on ${CONNECTIONS} connections`, grpc),
    ],
    targets: [{ name: 'GetOrder by gRPC at least at the rate of HTTP', measured: ratio, met: ratio >= 1 }],
  };
};

function goodRate({ outcomes, seconds }: HttpLoad, label: string): number {
  return (outcomes[label] ?? 0) / seconds;
}

interface Calls {
  readonly url: string;
  readonly authorization: string;
  readonly messages: readonly Buffer[];
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Each of the callers sends its next message as soon as it has an answer. */
async function runCalls({ url, authorization, messages, seconds, signal }: Calls): Promise<HttpLoad> {
  const metadata = { ':authority': new URL(url).host, ...callHeaders, authorization };
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectGrpc(url, metadata)));
  const latenciesMs: number[] = [];
  const outcomes: Record<string, number> = {};
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1_000;
  let sent = 0;
  const call = async ({ send }: GrpcConnection) => {
    while (performance.now() < endMs && !signal.aborted) {
      const sinceMs = performance.now();
      const outcome = await send(messages[(sent += 1) % messages.length]!).catch(() => 'no answer');
      latenciesMs.push(performance.now() - sinceMs);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (outcome === 'no answer') return;
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, (_, index) => call(connections[index % CONNECTIONS]!)));
  for (const connection of connections) connection.close();
  signal.throwIfAborted();
  return { seconds: (performance.now() - startedMs) / 1_000, answered: latenciesMs.length, outcomes, latenciesMs };
}

const callHeaders = {
  ':method': 'POST',
  ':scheme': 'http',
  ':path': '/orders.v1.OrderService/GetOrder',
  'content-type': 'application/grpc',
  te: 'trailers',
};

/** A message with its flags and length before it. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
