import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { signToken } from '../src/cli/local-system/sign-token.ts';
import { computePercentiles, type Percentiles } from './measures.ts';
import type { Part, PartContext } from './part.ts';
import { readUsage } from './processes.ts';

const PAGES = 200;
const WARM_UP = 30;
const MAX_ORDER_MS = 50;
const MAX_QUEUE_MS = 100;

/** Consoles that are open and in which nothing happens: half show the queues, half an order. */
const CONSOLES = 200;
const MAX_CORE = 0.05;
/** How often the start asks for its counts, as its page says. */
const POLL_MS = 10_000;
const IDLE_SECONDS = 40;

const queues = ['needs_attention', 'stuck', 'retrying', 'payment_failed', 'backordered', 'refund_due', 'dead_letter'];

/** Measures the console's pages among many orders, and what open consoles cost while nothing happens. */
export const benchConsole: Part = async (context) => {
  const { say } = context;
  let asked = 0;
  // Each of them has a limit of requests a minute of their own.
  const people = await Promise.all(Array.from({ length: CONSOLES }, (_, n) => signIn(context, `bench-${n}`)));
  const ids = await pickOpenOrders(context);
  const times = async (name: string, pathOf: (n: number) => string) => {
    say(`console: ${name}`);
    const tookMs: number[] = [];
    for (let n = -WARM_UP; n < PAGES; n += 1) {
      const startedMs = performance.now();
      await read(context, pathOf(n + WARM_UP), personOf(people, (asked += 1)));
      if (n >= 0) tookMs.push(performance.now() - startedMs);
    }
    return computePercentiles(tookMs);
  };
  const order = await times('an order', (n) => `/console/orders/${ids[n % ids.length] ?? ''}`);
  const home = await times('the start', () => '/console');
  const lists: Timed[] = [];
  for (const queue of queues) lists.push([queue, await times(queue, () => `/console/queues/${queue}`)]);
  const pages: Timed[] = [['an order', order], ['the start', home], ...lists];
  const worst = Math.max(home.p95, ...lists.map(([, { p95 }]) => p95));
  const idle = await measureOpenConsoles(context, ids, people);
  return {
    facts: [
      ...pages.map(
        ([name, { p50, p95 }]) =>
          `${name}: p50 / p95 ${p50.toFixed(1)} / ${p95.toFixed(1)} ms with ${context.seeded} orders`,
      ),
      `${CONSOLES} open consoles at rest: ${(idle * 100).toFixed(1)} % of a core`,
    ],
    targets: [
      { name: `an order's page under ${MAX_ORDER_MS} ms at p95`, measured: order.p95, met: order.p95 < MAX_ORDER_MS },
      { name: `a queue under ${MAX_QUEUE_MS} ms at p95`, measured: worst, met: worst < MAX_QUEUE_MS },
      { name: `${CONSOLES} open consoles under ${MAX_CORE} of a core`, measured: idle, met: idle < MAX_CORE },
    ],
  };
};

/** What the browser of somebody who is signed in sends. */
type Person = Readonly<Record<'cookie', string>>;

function personOf(people: readonly Person[], n: number): Person {
  return people[n % people.length] ?? { cookie: '' };
}

type Timed = [name: string, times: Percentiles];

async function signIn({ system }: PartContext, sub: string): Promise<Person> {
  const running = system.running();
  const token = await signToken({ sub, roles: ['operator'], expiresMs: 3_600_000 }, running);
  const answer = await fetch(`${running.apiUrl}/console/sign-in/token?token=${token}`, { redirect: 'manual' });
  const cookie = answer.headers.getSetCookie().find((one) => /^console=[^;]/.test(one));
  if (cookie === undefined) throw new Error(`The sign-in to the console failed: it answered ${answer.status}.`);
  return { cookie: cookie.split(';')[0] ?? '' };
}

/** Orders that are not final: their pages follow their events. */
async function pickOpenOrders({ system }: PartContext): Promise<string[]> {
  const client = new Client({ connectionString: system.running().databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `select id from orders where status = 'CONFIRMED' and placed_by = 'service:seed' order by created_at limit $1`,
      [PAGES],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

async function read({ system, signal }: PartContext, path: string, headers: Readonly<Record<string, string>>) {
  const answer = await fetch(system.running().apiUrl + path, { headers, signal, redirect: 'manual' });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status} ${text.slice(0, 300)}`);
}

/** The share of a core that open consoles take beyond what the process takes without them. */
async function measureOpenConsoles(context: PartContext, ids: readonly string[], people: readonly Person[]) {
  const { system, say } = context;
  const app = async () => (await readUsage({ app: system.running().pids.app }))['app']?.cpuSeconds ?? Number.NaN;
  const load = async () => {
    const before = await app();
    await delay(IDLE_SECONDS * 1_000);
    return ((await app()) - before) / IDLE_SECONDS;
  };
  say('the process at rest');
  const without = await load();
  say(`${CONSOLES} open consoles`);
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, context.signal]);
  const open = Array.from({ length: CONSOLES / 2 }, (_, n) => [
    keepOpen(context, ids[n % ids.length] ?? '', personOf(people, 2 * n), signal),
    pollStart(context, (n * POLL_MS * 2) / CONSOLES, personOf(people, 2 * n + 1), signal),
  ]).flat();
  // Connections and first answers are no rest.
  await delay(POLL_MS);
  const withThem = await load();
  closing.abort();
  await Promise.all(open);
  return withThem - without;
}

/** Follows an order's events, as its page does. */
async function keepOpen({ system }: PartContext, id: string, person: Person, signal: AbortSignal) {
  const accept = { accept: 'text/event-stream' };
  const url = `${system.running().apiUrl}/console/orders/${id}/events`;
  const answer = await fetch(url, { headers: { ...person, ...accept }, signal });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  // What comes is read until it is aborted.
  await answer.text().catch(() => '');
}

/** Asks for the counts of the start every so often, as its page does. */
async function pollStart(context: PartContext, afterMs: number, person: Person, signal: AbortSignal) {
  try {
    await delay(afterMs, undefined, { signal });
    for (;;) {
      await read({ ...context, signal }, '/console', { ...person, 'x-part': 'page', 'accept-encoding': 'gzip' });
      await delay(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
