import { Client } from 'pg';
import { connectHttp, httpRequest } from './connection.ts';
import { computePercentiles } from './measures.ts';
import type { Part } from './part.ts';
import { startSmallApi } from './small-api.ts';

/** The number of orders to compare with: those of a shop's first weeks. */
const FEW = 10_000;
const MAX_RATIO = 1.2;
const WARM_UP = 30;
const PAGES = 200;

/** Each filter; with few orders as with many there is a full page. */
const filters = {
  'no filter': '',
  'oldest first': 'sort=created_at',
  customer_id: 'customer_id=seeded-7',
  status: 'status=CANCELLED',
  'another status': 'status=DELIVERED',
  payment_status: 'payment_status=FAILED',
  'from, to': 'from=FROM&to=TO',
  'q, a number': 'q=ORD-000012',
  'q, all numbers': 'q=ORD-0',
  'q, many names': 'q=ada l',
  'q, a letter': 'q=a',
  batch_id: 'batch_id=batch-5',
  'needs_attention=true': 'needs_attention=true',
  'needs_attention=false': 'needs_attention=false',
};

/** Measures `GET /orders` by each filter, alternating with an API on few orders, so that other load on the machine affects both alike. */
export const benchLists: Part = async (context) => {
  const { system, authorization, signal, say } = context;
  say(`preparing a second database with ${FEW} orders`);
  await using small = await startSmallApi(context, FEW);
  const { apiUrl, databaseUrl } = system.running();
  const many = await createPageTimer(apiUrl, databaseUrl, authorization);
  const few = await createPageTimer(small.apiUrl, small.databaseUrl, authorization);
  const facts: string[] = [];
  let worst = 0;
  for (const [name, query] of Object.entries(filters)) {
    say(`listing by ${name}`);
    const timesMs: { many: number[]; few: number[] } = { many: [], few: [] };
    for (let page = -WARM_UP; page < PAGES; page += 1) {
      signal.throwIfAborted();
      const pair = { few: await few.timePage(query), many: await many.timePage(query) };
      if (page < 0) continue;
      timesMs.few.push(pair.few);
      timesMs.many.push(pair.many);
    }
    const [p50Few, p50Many] = [computePercentiles(timesMs.few).p50, computePercentiles(timesMs.many).p50];
    worst = Math.max(worst, p50Many / p50Few);
    facts.push(
      `GET /orders, ${name}: p50 ${p50Many.toFixed(1)} ms with ${context.seeded} orders, ${p50Few.toFixed(1)} ms with ${FEW}`,
    );
  }
  many.close();
  few.close();
  return {
    facts,
    targets: [
      { name: `a page of any list takes at most ${MAX_RATIO} times as long`, measured: worst, met: worst <= MAX_RATIO },
    ],
  };
};

async function createPageTimer(apiUrl: string, databaseUrl: string | undefined, authorization: string) {
  const connection = await connectHttp(apiUrl);
  const [from, to] = await findMiddleDay(databaseUrl);
  return {
    timePage: async (query: string): Promise<number> => {
      const path = `/api/v1/orders?${query.replace('FROM', from).replace('TO', to)}`;
      const startedMs = performance.now();
      const { status, body } = await connection.send(httpRequest('GET', path, { authorization }));
      const tookMs = performance.now() - startedMs;
      if (status !== 200) throw new Error(`${path} answered ${status} ${body.toString().slice(0, 300)}`);
      return tookMs;
    },
    close: connection.close,
  };
}

/** Returns a day in the middle of the seeded orders. */
async function findMiddleDay(databaseUrl: string | undefined): Promise<[string, string]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ first: Date; last: Date }>(
      `select min(created_at) as first, max(created_at) as last from orders where placed_by = 'service:seed'`,
    );
    const [{ first, last } = { first: new Date(), last: new Date() }] = rows;
    const from = new Date((first.getTime() + last.getTime()) / 2);
    return [from.toISOString(), new Date(from.getTime() + DAY_MS).toISOString()];
  } finally {
    await client.end();
  }
}

const DAY_MS = 86_400_000;
