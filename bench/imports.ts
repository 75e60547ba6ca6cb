import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { createHttpClient } from '../dev/replay/http-client.ts';
import { runLoad } from './load.ts';
import { buildOrderBody, createOrderPlacer, seedCatalogue } from './orders.ts';
import { benchHistory } from './import-history.ts';
import type { Part, PartContext } from './part.ts';

/** An import is compared with a client that places the same orders one by one, as the replay does. */
const REPLAY = { count: 1_000, concurrency: 32 };
const MIN_SHARE = 0.8;
const LOOK_AGAIN_MS = 500;

/** After that no process counts the replay's orders as awaited any more, and the backlog has the whole system. */
const UNTIL_UNAWAITED_MS = 11_000;

/** Measures `POST /imports` with a file of orders, between two loads of orders placed one by one, and with files of past orders. */
export const benchImports: Part = async (context) => {
  const { system, authorization, imports, signal, say } = context;
  const { apiUrl: baseUrl, sandboxUrl } = system.running();
  await seedCatalogue(sandboxUrl);
  const api = createHttpClient({ name: 'The API', baseUrl, headers: { authorization }, patienceMs: 0 });
  const place = createOrderPlacer(api);
  const placeOneByOne = async () => {
    say(`placing ${REPLAY.count} orders as the replay does`);
    const { confirmedIds, seconds } = await runLoad(REPLAY, () => {
      signal.throwIfAborted();
      return place();
    });
    return confirmedIds.length / seconds;
  };
  const before = await placeOneByOne();
  await delay(UNTIL_UNAWAITED_MS, undefined, { signal });
  say(`importing ${imports.orders} orders`);
  const imported = await importFile(context, buildFile(imports.orders));
  const after = await placeOneByOne();
  const rate = imported.confirmed / imported.seconds;
  const share = rate / ((before + after) / 2);
  const past = await benchHistory(context);
  return {
    facts: [
      `POST /imports: ${imported.confirmed} of ${imports.orders} orders confirmed, ${rate.toFixed(1)} a second with the upload; ` +
        `one by one, ${REPLAY.concurrency} in flight: ${before.toFixed(1)} a second before, ${after.toFixed(1)} after`,
      ...past.facts,
    ],
    targets: [
      {
        name: 'imported orders not confirmed',
        measured: imports.orders - imported.confirmed,
        met: imported.confirmed === imports.orders,
      },
      { name: `an import reaches ${MIN_SHARE} of the replay's rate`, measured: share, met: share >= MIN_SHARE },
      ...past.targets,
    ],
  };
};

/** Builds a CSV file with a line for each line of each order. */
function buildFile(orders: number): string {
  const run = uuidv7();
  const lines = ['order_reference,customer_id,currency,sku,quantity'];
  for (let n = 1; n <= orders; n += 1) {
    const { customer_id: customer, currency, items } = buildOrderBody(n);
    for (const { sku, quantity } of items) lines.push(`${run}-${n},${customer},${currency},${sku},${quantity}`);
  }
  // Without an end the last line may be cut off, and is refused.
  return `${lines.join('\n')}\n`;
}

/** Imports the file and waits until the import is complete; `seconds` counts from the request. */
async function importFile({ system, authorization, signal, say }: PartContext, file: string) {
  const url = new URL('/api/v1/imports', system.running().apiUrl);
  const startedMs = performance.now();
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
    body: file,
    signal,
  });
  if (answer.status !== 202) throw new Error(`POST /imports answered ${answer.status} ${await answer.text()}`);
  const { id } = (await answer.json()) as Progress;
  for (let look = 0; ; look += 1) {
    await delay(LOOK_AGAIN_MS, undefined, { signal });
    const now = await fetch(`${url.href}/${id}`, { headers: { authorization }, signal });
    const { status, pending, confirmed } = (await now.json()) as Progress;
    if (status === 'CANCELLED') throw new Error(`The import ${id} is ${status}.`);
    if (status === 'COMPLETED') return { confirmed, seconds: (performance.now() - startedMs) / 1_000 };
    if (look % 20 === 19) say(`${confirmed} confirmed, ${pending} to go`);
  }
}

interface Progress {
  readonly id: string;
  readonly status: string;
  readonly pending: number;
  readonly confirmed: number;
}
