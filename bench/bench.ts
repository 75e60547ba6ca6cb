import { setTimeout as delay } from 'node:timers/promises';
import type { BenchedSystem } from './connect.ts';
import { type LoadResult, type Placed, runLoad } from './load.ts';
import { type HistoryCost, readHistoryCost, type Percentiles, computePercentiles, readStatements } from './measures.ts';
import { createOrderPlacer, seedCatalogue } from './orders.ts';
import { readUsage } from './processes.ts';
import { startTwin } from './twin.ts';

/** The size of the load. */
export interface BenchSettings {
  readonly orders: number;
  readonly concurrency: number;
  readonly rounds: number;
  /** Ends the bench early and deletes the workflows that it started. */
  readonly signal: AbortSignal;
}

/** The measurements of one load; `statementsPerOrder` only for real orders, CPU only for processes on this machine. */
export interface Phase {
  readonly seconds: number;
  readonly confirmed: number;
  readonly others: Readonly<Record<string, number>>;
  readonly latencyMs: Percentiles;
  readonly history: HistoryCost;
  readonly statementsPerOrder: number | undefined;
  readonly cpuMsPerOrder: Readonly<Record<string, number>>;
}

/** Real orders and their twins under the same load. */
export interface Pair {
  readonly real: Phase;
  readonly twin: Phase;
}

/** All measurements; the memory of API and worker in MB, if their process is on this machine. */
export interface BenchReport extends Pick<BenchSettings, 'orders' | 'concurrency'> {
  readonly rest: Pair;
  readonly rounds: readonly Pair[];
  readonly idleMemoryMb: number | undefined;
  readonly memoryAfterMb: number | undefined;
}

/** So many orders, one after the other, until code and caches are warm. */
const WARM_UP = { count: 30, concurrency: 1 };
const AT_REST = { count: 100, concurrency: 1 };
/** By then the work after a confirmation (the notification, Temporal's own records) is done; it belongs to the order. */
const SETTLE_MS = 1_000;

/** Seeds the sandbox, warms up, then measures real orders and twins in turn, at rest and at full load. Progress goes to stderr. */
export async function runBench(system: BenchedSystem, settings: BenchSettings): Promise<BenchReport> {
  const { orders, concurrency } = settings;
  await seedCatalogue(system.running.sandboxUrl);
  const idle = await appMemoryMb(system);
  await using twin = await startTwin(system);
  const places = { real: stoppable(createOrderPlacer(system.api), settings), twin: stoppable(twin.place, settings) };
  const measurePair = async (load: Load): Promise<Pair> => ({
    real: await measure(system, load, places.real, true),
    twin: await measure(system, load, places.twin, false),
  });

  say('warming up');
  for (const load of [WARM_UP, { count: concurrency * 4, concurrency }]) {
    requireConfirmed(await runLoad(load, places.real));
    requireConfirmed(await runLoad(load, places.twin));
  }
  say(`${AT_REST.count} orders one after the other`);
  const rest = await measurePair(AT_REST);
  const rounds: Pair[] = [];
  while (rounds.length < settings.rounds) {
    say(
      `round ${rounds.length + 1} of ${settings.rounds}: ${orders} orders, ${concurrency} in flight, and their twins`,
    );
    rounds.push(await measurePair({ count: orders, concurrency }));
  }
  return { orders, concurrency, rest, rounds, idleMemoryMb: idle, memoryAfterMb: await appMemoryMb(system) };
}

type Load = Parameters<typeof runLoad>[0];

async function measure(
  { temporal, running }: BenchedSystem,
  load: Load,
  place: () => Promise<Placed>,
  isReal: boolean,
): Promise<Phase> {
  const pids = { ...running.pids, bench: process.pid };
  const usageBefore = await readUsage(pids);
  const statementsBefore = isReal ? await readStatements(running.metricsUrl) : 0;
  const result = await runLoad(load, place);
  await delay(SETTLE_MS);
  const statements = isReal ? (await readStatements(running.metricsUrl)) - statementsBefore : undefined;
  const usage = await readUsage(pids);
  requireConfirmed(result);

  const confirmed = result.confirmedIds.length;
  const cpu = Object.entries(usage).flatMap(([name, { cpuSeconds }]) => {
    const usedMs = (cpuSeconds - (usageBefore[name]?.cpuSeconds ?? Number.NaN)) * 1_000;
    return Number.isNaN(usedMs) ? [] : [[name, usedMs / confirmed] as const];
  });
  return {
    seconds: result.seconds,
    confirmed,
    others: result.others,
    latencyMs: computePercentiles(result.latenciesMs),
    history: await readHistoryCost(temporal.client, result.confirmedIds),
    statementsPerOrder: statements && statements / confirmed,
    cpuMsPerOrder: Object.fromEntries(cpu),
  };
}

function requireConfirmed({ confirmedIds, others }: LoadResult): void {
  if (confirmedIds.length === 0) throw new Error(`No order was confirmed: ${JSON.stringify(others)}`);
}

function stoppable(place: () => Promise<Placed>, { signal }: BenchSettings): () => Promise<Placed> {
  return () => {
    signal.throwIfAborted();
    return place();
  };
}

async function appMemoryMb({ running }: BenchedSystem): Promise<number | undefined> {
  return (await readUsage({ app: running.pids.app }))['app']?.residentMb;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
