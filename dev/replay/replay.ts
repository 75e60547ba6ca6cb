import { setTimeout as sleep } from 'node:timers/promises';
import { startProgressBar } from '../../src/cli/progress-bar.ts';
import { buildCatalogue } from './catalogue.ts';
import type { HttpClient } from './http-client.ts';
import { placeOrders } from './place-orders.ts';
import { type Invoice, isSkipped } from './read-invoices.ts';
import { readSystem } from './read-system.ts';
import { type Books, type Reconciliation, reconcile } from './reconcile.ts';
import { seedCustomers, seedProducts } from './seed.ts';

/** The services of a replay, its concurrency and its patience. */
export interface ReplayOptions {
  readonly api: HttpClient;
  readonly sandbox: HttpClient;
  readonly concurrency: number;
  readonly patienceMs: number;
}

/** The result; `seconds` is the time for placing the orders. */
export interface ReplayResult {
  readonly result: Reconciliation;
  readonly seconds: number;
}

/** Compensations and expiries may still be running after the last answer; after this time they count as differences. */
const SETTLE_MS = 15_000;
const SETTLE_PAUSE_MS = 1_000;

/** Seeds the sandbox, places the invoices and reconciles them; a second run places nothing twice and reports the same. Progress goes to stderr. */
export async function replay(invoices: readonly Invoice[], options: ReplayOptions): Promise<ReplayResult> {
  const { api, sandbox } = options;
  const catalogue = buildCatalogue(invoices);
  const seeded = await seedProducts(sandbox, catalogue);
  await seedCustomers(
    sandbox,
    invoices.map((invoice) => invoice.customerId),
  );
  say(`${catalogue.length} products in the file, ${seeded} of them stocked now; reading the state at start`);
  const start = await readSystem(api, sandbox);

  const toPlace = invoices.filter((invoice) => !isSkipped(invoice));
  const bar = startProgressBar(toPlace.length);
  const counts: Record<string, number> = {};
  let done = 0;
  const onOutcome = (label: string) => {
    counts[label] = (counts[label] ?? 0) + 1;
    bar.update((done += 1), counts);
  };
  const startedMs = performance.now();
  const outcomes = await placeOrders(api, toPlace, { ...options, onOutcome }).finally(bar.stop);
  const seconds = (performance.now() - startedMs) / 1_000;

  say('reading back orders, payments and stock');
  return { result: await reconcileWhenSettled({ invoices, outcomes, start }, options), seconds };
}

async function reconcileWhenSettled(
  books: Omit<Books, 'now'>,
  { api, sandbox }: ReplayOptions,
): Promise<Reconciliation> {
  const untilMs = Date.now() + SETTLE_MS;
  for (;;) {
    const result = reconcile({ ...books, now: await readSystem(api, sandbox) });
    if (result.breaches.length === 0 || Date.now() >= untilMs) return result;
    await sleep(SETTLE_PAUSE_MS);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
