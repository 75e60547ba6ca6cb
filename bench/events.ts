import { uuidv7 } from 'uuidv7';
import { readEvents } from '../src/client/read-events.ts';
import { computePercentiles } from './measures.ts';
import { buildOrderBody, seedCatalogue } from './orders.ts';
import type { Part, PartContext } from './part.ts';

const CLIENTS = 1_000;
const MAX_P95_MS = 200;
/** Streams that are opened at the same time. */
const OPENING = 32;

/**
 * Measures `GET /orders/{id}/events` with a thousand clients, each of one order whose saga is running: the time from the beginning of
 * the transaction until the client has the event.
 */
export const benchEvents: Part = async (context) => {
  const { system, signal, say } = context;
  const { sandboxUrl } = system.running();
  await seedCatalogue(sandboxUrl);
  say(`placing ${CLIENTS} orders, each followed by a client`);
  const latenciesMs: number[] = [];
  const streams: Promise<void>[] = [];
  let placed = 0;
  const placeNext = async () => {
    while (placed < CLIENTS && !signal.aborted) {
      placed += 1;
      const id = await placeOrder(context, placed);
      streams.push(followOrder(context, id, (latencyMs) => latenciesMs.push(latencyMs)));
    }
  };
  await Promise.all(Array.from({ length: OPENING }, placeNext));
  await Promise.all(streams);
  const { p50, p95, p99 } = computePercentiles(latenciesMs);
  const times = [p50, p95, p99].map((ms) => ms.toFixed(1)).join(' / ');
  return {
    facts: [
      `GET /orders/{id}/events, ${CLIENTS} clients: ${latenciesMs.length} events, p50 / p95 / p99 ${times} ms after their transaction began`,
    ],
    targets: [
      { name: `an event within ${MAX_P95_MS} ms of its transaction at p95`, measured: p95, met: p95 < MAX_P95_MS },
    ],
  };
};

async function placeOrder({ system, authorization, signal }: PartContext, n: number): Promise<string> {
  const headers = {
    authorization,
    prefer: 'respond-async',
    'idempotency-key': uuidv7(),
    'content-type': 'application/json',
  };
  const body = JSON.stringify(buildOrderBody(n));
  const answer = await fetch(`${system.running().apiUrl}/api/v1/orders`, { method: 'POST', headers, body, signal });
  if (answer.status !== 202) throw new Error(`POST /orders answered ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

/** Calls `tell` for every change until the order is confirmed. */
async function followOrder(
  { system, authorization, signal }: PartContext,
  id: string,
  tell: (latencyMs: number) => void,
) {
  const url = `${system.running().apiUrl}/api/v1/orders/${id}/events`;
  const answer = await fetch(url, { headers: { authorization, accept: 'text/event-stream' }, signal });
  if (answer.status !== 200 || !answer.body) throw new Error(`${url} answered ${answer.status}`);
  for await (const { event, data } of readEvents(answer.body)) {
    const { occurred_at: at, status } = data as { occurred_at?: string; status: string };
    if (at !== undefined) tell(Date.now() - Date.parse(at));
    if (event === 'end' || status === 'CONFIRMED') return;
  }
}
