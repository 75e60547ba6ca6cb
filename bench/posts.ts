import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Answer } from './connection.ts';
import { runOpenLoad, type LoadPlan } from './http-load.ts';
import { formatLoad } from './load-line.ts';
import { computePercentiles } from './measures.ts';
import { createAsyncOrderRequests, seedCatalogue } from './orders.ts';
import type { Part, PartContext } from './part.ts';

const MAX_P99_MS = 100;
const WARM_UP_SECONDS = 10;
/** The duration of the load with a kill in the middle. */
const KILL_SECONDS = 6;
const CONNECTIONS = 256;
/** The slowest rate of sagas before the bench stops waiting. */
const SLOWEST_ORDERS_PER_SECOND = 15;
const LOOK_AGAIN_MS = 2_000;

/**
 * Measures `POST /orders` with `Prefer: respond-async` at a steady rate, then the same with a kill of the API in the middle. Afterwards
 * every order that was answered with 202 must exist and be confirmed in the end.
 */
export const benchPosts: Part = async (context) => {
  const { system, authorization, signal, say } = context;
  const { rate, seconds } = context.posts;
  const { sandboxUrl } = system.running();
  await seedCatalogue(sandboxUrl);
  const acceptedIds: string[] = [];
  const onAnswer = ({ status, body }: Answer) => {
    if (status === 202) acceptedIds.push(/"id":"([^"]+)"/.exec(body.toString('utf8', 0, 64))?.[1] ?? '');
  };
  const next = createAsyncOrderRequests(authorization);
  const plan = (): Omit<LoadPlan, 'seconds'> => ({
    url: system.running().apiUrl,
    connections: CONNECTIONS,
    next,
    onAnswer,
    signal,
  });
  say(`placing ${rate} orders a second for ${seconds} s`);
  await runOpenLoad({ ...plan(), seconds: WARM_UP_SECONDS }, rate);
  const steady = await runOpenLoad({ ...plan(), seconds }, rate);
  say('the same, with the API and its worker killed in the middle');
  const kill = killInTheMiddle(context);
  const killed = await runOpenLoad({ ...plan(), seconds: KILL_SECONDS }, rate);
  await kill;
  say(formatLoad('taken', steady));
  const outcome = await waitUntilConfirmed(context, acceptedIds);
  const { p99 } = computePercentiles(steady.latenciesMs);
  const achieved = (steady.outcomes['202'] ?? 0) / steady.seconds;
  const allTaken = steady.outcomes['202'] === Math.round(rate * seconds);
  return {
    facts: [
      formatLoad(`POST /orders at ${rate} a second`, steady),
      formatLoad('the same with a kill -9', killed),
      `${acceptedIds.length} orders were answered with 202; ${outcome.missing} of them are missing, ${outcome.confirmed} confirmed, ` +
        `${outcome.rate.toFixed(1)} a second after the last request`,
    ],
    targets: [
      // The last answers arrive after the last request was sent.
      {
        name: `takes ${rate} orders a second for ${seconds} s`,
        measured: achieved,
        met: allTaken && achieved >= rate * 0.98,
      },
      { name: `p99 under ${MAX_P99_MS} ms meanwhile`, measured: p99, met: allTaken && p99 < MAX_P99_MS },
      { name: 'accepted orders lost through a kill -9', measured: outcome.missing, met: outcome.missing === 0 },
      {
        name: 'accepted orders not confirmed in the end',
        measured: acceptedIds.length - outcome.confirmed,
        met: outcome.confirmed === acceptedIds.length,
      },
    ],
  };
};

async function killInTheMiddle({ system, signal }: PartContext): Promise<void> {
  await delay((KILL_SECONDS / 2) * 1_000, undefined, { signal });
  const { app } = system.running().pids;
  if (app !== undefined) process.kill(app, 'SIGKILL');
}

async function waitUntilConfirmed({ system, signal, say }: PartContext, ids: readonly string[]) {
  const client = new Client({ connectionString: system.running().databaseUrl });
  await client.connect();
  try {
    const read = async () => {
      const { rows } = await client.query<{ found: number; confirmed: number }>(
        `select count(*)::integer as found, count(confirmed_at)::integer as confirmed from orders where id = any($1::uuid[])`,
        [ids],
      );
      return rows[0] ?? { found: 0, confirmed: 0 };
    };
    const startedMs = Date.now();
    const first = await read();
    const deadlineMs = startedMs + (ids.length / SLOWEST_ORDERS_PER_SECOND) * 1_000;
    let now = first;
    while (now.confirmed < ids.length && Date.now() < deadlineMs) {
      say(`${now.confirmed} of ${ids.length} confirmed`);
      await delay(LOOK_AGAIN_MS, undefined, { signal });
      now = await read();
    }
    const seconds = (Date.now() - startedMs) / 1_000;
    return {
      missing: ids.length - now.found,
      confirmed: now.confirmed,
      rate: (now.confirmed - first.confirmed) / seconds,
    };
  } finally {
    await client.end();
  }
}
