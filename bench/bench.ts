import { setTimeout as delay } from 'node:timers/promises';
import type { BenchedSystem } from './connect.ts';
import type { Contestant } from './contestants/contestant.ts';
import { type Load, type LoadResult, type Placed, runLoad } from './load.ts';
import { type HistoryCost, readHistoryCost, type Percentiles, computePercentiles, readStatements } from './measures.ts';
import { readUsage } from './processes.ts';

/** The size of the load. */
export interface BenchSettings {
  readonly orders: number;
  readonly concurrency: number;
  readonly rounds: number;
  /** Ends the bench early and deletes the workflows that it started. */
  readonly signal: AbortSignal;
}

/** The measurements of one load; `statementsPerOrder` only for the product, `history` only on Temporal, CPU only for processes on this machine. */
export interface Phase {
  readonly seconds: number;
  readonly confirmed: number;
  readonly others: Readonly<Record<string, number>>;
  readonly latencyMs: Percentiles;
  readonly history: HistoryCost | undefined;
  readonly statementsPerOrder: number | undefined;
  readonly cpuMsPerOrder: Readonly<Record<string, number>>;
}

/** Every contestant under the same load, by name. */
export type Turn = ReadonlyMap<string, Phase>;

/** All measurements; the memory of API and worker in MB, if their process is on this machine. */
export interface BenchReport extends Pick<BenchSettings, 'orders' | 'concurrency'> {
  readonly rest: Turn;
  readonly rounds: readonly Turn[];
  readonly idleMemoryMb: number | undefined;
  readonly memoryAfterMb: number | undefined;
}

/** So many orders, one after the other, until code and caches are warm. */
const WARM_UP = { count: 30, concurrency: 1 };
const AT_REST = { count: 100, concurrency: 1 };
/** By then the work after a confirmation (the notification, Temporal's own records) is done; it belongs to the order. */
const SETTLE_MS = 1_000;

/** Warms up, then measures the contestants in turn, at rest and at full load. Progress goes to stderr. */
export async function runBench(
  system: BenchedSystem,
  contestants: readonly Contestant[],
  settings: BenchSettings,
): Promise<BenchReport> {
  const { orders, concurrency, signal } = settings;
  const idleMemoryMb = await appMemoryMb(system);
  const measureAll = async (load: Load): Promise<Turn> => {
    const turn = new Map<string, Phase>();
    for (const contestant of contestants) {
      turn.set(contestant.name, await whileOthersPause(contestant, () => measure(system, load, contestant, signal)));
    }
    return turn;
  };

  say('warming up');
  for (const contestant of contestants) {
    await whileOthersPause(contestant, async () => {
      for (const load of [WARM_UP, { count: concurrency * 4, concurrency }]) {
        requireConfirmed(await runLoad(load, stoppable(contestant, signal)));
      }
    });
  }
  say(`${AT_REST.count} orders one after the other`);
  const rest = await measureAll(AT_REST);
  const rounds: Turn[] = [];
  while (rounds.length < settings.rounds) {
    say(`round ${rounds.length + 1} of ${settings.rounds}: ${orders} orders, ${concurrency} in flight`);
    rounds.push(await measureAll({ count: orders, concurrency }));
  }
  return { orders, concurrency, rest, rounds, idleMemoryMb, memoryAfterMb: await appMemoryMb(system) };
}

/** Those that can be paused use the machine in their own turn only. */
async function whileOthersPause<T>({ pause, resume }: Contestant, measureOne: () => Promise<T>): Promise<T> {
  resume?.();
  try {
    return await measureOne();
  } finally {
    pause?.();
  }
}

async function measure(
  { temporal, running, pids: more }: BenchedSystem,
  load: Load,
  contestant: Contestant,
  signal: AbortSignal,
): Promise<Phase> {
  const pids = { ...running.pids, ...more, bench: process.pid, ...(contestant.pid && { app: contestant.pid }) };
  const usageBefore = await readUsage(pids);
  const statementsBefore = contestant.isProduct ? await readStatements(running.metricsUrl) : 0;
  const result = await runLoad(load, stoppable(contestant, signal));
  await delay(SETTLE_MS);
  const statements = contestant.isProduct ? (await readStatements(running.metricsUrl)) - statementsBefore : undefined;
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
    history: contestant.isWithoutTemporal ? undefined : await readHistoryCost(temporal.client, result.confirmedIds),
    statementsPerOrder: statements && statements / confirmed,
    cpuMsPerOrder: Object.fromEntries(cpu),
  };
}

function requireConfirmed({ confirmedIds, others }: LoadResult): void {
  if (confirmedIds.length === 0) throw new Error(`No order was confirmed: ${JSON.stringify(others)}`);
}

function stoppable({ place }: Contestant, signal: AbortSignal): () => Promise<Placed> {
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
