import { Client } from 'pg';
import { httpRequest } from './connection.ts';
import { runClosedLoad, runOpenLoad } from './http-load.ts';
import { formatLoad } from './load-line.ts';
import { computePercentiles } from './measures.ts';
import type { Part } from './part.ts';

const RATE = 5_000;
const MAX_P99_MS = 20;
/** Many different orders, so that not all reads hit the same database pages. */
const SAMPLE = 5_000;
const WARM_UP_SECONDS = 5;
const SECONDS = 10;
const CONNECTIONS = 32;

/** Measures `GET /orders/{id}`: the highest rate, and the latency at the promised rate. */
export const benchReads: Part = async ({ system, authorization, signal, say }) => {
  const { apiUrl: url, databaseUrl } = system.running();
  const requests = (await pickOrderIds(databaseUrl)).map((id) =>
    httpRequest('GET', `/api/v1/orders/${id}`, { authorization }),
  );
  let sent = 0;
  const next = () => requests[(sent += 1) % requests.length] ?? '';
  const plan = { url, connections: CONNECTIONS, next, signal };
  say('reading orders');
  await runClosedLoad({ ...plan, seconds: WARM_UP_SECONDS });
  const fastest = await runClosedLoad({ ...plan, seconds: SECONDS });
  const steady = await runOpenLoad({ ...plan, seconds: SECONDS }, RATE);
  const good = (fastest.outcomes['200'] ?? 0) / fastest.seconds;
  const { p99 } = computePercentiles(steady.latenciesMs);
  const allRead = steady.outcomes['200'] === RATE * SECONDS;
  return {
    facts: [
      formatLoad(`GET /orders/{id}, ${CONNECTIONS} at once`, fastest),
      formatLoad(`the same at ${RATE} a second`, steady),
    ],
    targets: [
      { name: `reads at least ${RATE} orders a second`, measured: good, met: good >= RATE },
      { name: `p99 under ${MAX_P99_MS} ms at ${RATE} reads a second`, measured: p99, met: allRead && p99 < MAX_P99_MS },
    ],
  };
};

/** Ids of many past orders. */
export async function pickOrderIds(databaseUrl: string | undefined): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `select id from orders where placed_by = 'service:seed' order by hashtext(id::text) limit $1`,
      [SAMPLE],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}
