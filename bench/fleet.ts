import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { ORDER_CHANGED, ORDER_EVENTS } from '../src/events/channels.ts';
import type { BenchSettings } from './bench.ts';
import { sampleSessions, type Sessions } from './database-sessions.ts';
import { computeWritesPerOrder, type DatabaseWrites, readDatabaseWrites } from './database-writes.ts';
import { type LoadResult, runLoad } from './load.ts';
import { computePercentiles, type Percentiles } from './measures.ts';
import { createOrderPlacer, seedCatalogue } from './orders.ts';
import { type FleetSize, type ProcessFleet, startProcessFleet } from './process-fleet.ts';
import { type ProcessMetrics, readProcessMetrics } from './process-metrics.ts';
import { readUsage, type Usage } from './processes.ts';

/** One process of the product under the load. */
export interface ProcessFigures extends Sessions {
  readonly cpuMsPerOrder: number;
  readonly residentMb: number;
  readonly statementsPerOrder: number;
  /** What it asks the database while there is nothing to do. */
  readonly idleStatementsPerSecond: number;
  readonly idleCpuMsPerSecond: number;
  readonly pollers: number;
  readonly scrapeMs: number;
  readonly scrapeBytes: number;
}

/** What the product did as so many processes. */
export interface FleetReport extends FleetSize {
  readonly ordersPerSecond: number;
  readonly confirmed: number;
  readonly others: Readonly<Record<string, number>>;
  readonly latencyMs: Percentiles;
  readonly processes: Readonly<Record<string, ProcessFigures>>;
  /** CPU of the servers that all processes share. */
  readonly serversCpuMsPerOrder: Readonly<Record<string, number>>;
  /** Hints of `NOTIFY` that every listening connection hears; several may come in one notification. */
  readonly hintsPerOrder: number;
  readonly notificationsPerOrder: number;
  readonly writesPerOrder: Readonly<Record<keyof DatabaseWrites, number>>;
}

/** By then the work after a confirmation is done; it belongs to the order. */
const SETTLE_MS = 1_500;
const IDLE_MS = 5_000;

/** Runs so many APIs and workers, places the orders through all of them, and counts what each takes. Progress goes to `say`. */
export async function benchFleet(
  size: FleetSize,
  { orders, concurrency, signal }: BenchSettings,
  server: { readonly address: string; readonly pids: Readonly<Record<string, number>> } | undefined,
  say: (text: string) => void,
): Promise<FleetReport> {
  say(`starting ${size.api} APIs and ${size.workers} workers`);
  await using fleet = await startProcessFleet(size, server?.address);
  await seedCatalogue(fleet.running.sandboxUrl);
  const place = createOrderPlacer(fleet.api);
  const load = (count: number) =>
    runLoad({ count, concurrency }, () => {
      signal.throwIfAborted();
      return place();
    });
  say('warming up');
  requireConfirmed(await load(Math.max(concurrency * 4, 200)));
  say(`${orders} orders, ${concurrency} in flight`);
  return { ...size, ...(await measure(fleet, server?.pids ?? {}, () => load(orders))) };
}

async function measure(
  { pods, running, databaseAdminUrl }: ProcessFleet,
  more: Readonly<Record<string, number>>,
  load: () => Promise<LoadResult>,
): Promise<Omit<FleetReport, keyof FleetSize>> {
  const database = new Client({ connectionString: databaseAdminUrl });
  await database.connect();
  try {
    const pids = Object.fromEntries(pods.map(({ name, pid }) => [name, pid]));
    const { postgres, temporal, sandbox } = running.pids;
    const servers = { postgres, temporal, ...more, sandbox };
    const read = async () => ({
      usage: await readUsage({ ...pids, ...servers }),
      metrics: await readMetrics(pods),
      writes: await readDatabaseWrites(database),
    });
    await delay(SETTLE_MS);
    const before = await read();
    const heard = await countHints(database);
    const sampling = sampleSessions(database, pids);
    const result = await load();
    const sessions = await sampling.stop();
    requireConfirmed(result);
    await delay(SETTLE_MS);
    const after = await read();
    await delay(IDLE_MS);
    const idleUsage = await readUsage(pids);
    const idle = await readMetrics(pods);
    const confirmed = result.confirmedIds.length;
    const cpuMsPerOrder = (name: string) =>
      ((cpuSecondsOf(after.usage, name) - cpuSecondsOf(before.usage, name)) * 1_000) / confirmed;
    const describe = (name: string): ProcessFigures => ({
      ...find(sessions, name),
      cpuMsPerOrder: cpuMsPerOrder(name),
      residentMb: find(after.usage, name).residentMb,
      statementsPerOrder: (find(after.metrics, name).statements - find(before.metrics, name).statements) / confirmed,
      idleStatementsPerSecond: (find(idle, name).statements - find(after.metrics, name).statements) / (IDLE_MS / 1_000),
      idleCpuMsPerSecond:
        ((cpuSecondsOf(idleUsage, name) - cpuSecondsOf(after.usage, name)) * 1_000) / (IDLE_MS / 1_000),
      pollers: find(idle, name).pollers,
      scrapeMs: find(idle, name).scrapeMs,
      scrapeBytes: find(idle, name).scrapeBytes,
    });
    return {
      ordersPerSecond: confirmed / result.seconds,
      confirmed,
      others: result.others,
      latencyMs: computePercentiles(result.latenciesMs),
      processes: Object.fromEntries(pods.map(({ name }) => [name, describe(name)])),
      serversCpuMsPerOrder: Object.fromEntries(
        Object.keys(servers).flatMap((name) => (name in after.usage ? [[name, cpuMsPerOrder(name)]] : [])),
      ),
      hintsPerOrder: heard.hints / confirmed,
      notificationsPerOrder: heard.notifications / confirmed,
      writesPerOrder: computeWritesPerOrder(before.writes, after.writes, confirmed),
    };
  } finally {
    await database.end();
  }
}

/** Counts from now on what a process hears. */
async function countHints(database: Client): Promise<{ readonly hints: number; readonly notifications: number }> {
  const heard = { hints: 0, notifications: 0 };
  database.on('notification', ({ payload = '' }) => {
    heard.notifications += 1;
    heard.hints += payload.split(',').length;
  });
  for (const channel of [ORDER_CHANGED, ORDER_EVENTS]) await database.query(`listen ${channel}`);
  return heard;
}

async function readMetrics(pods: ProcessFleet['pods']): Promise<Readonly<Record<string, ProcessMetrics>>> {
  const entries: [string, ProcessMetrics][] = [];
  // One after the other: the time of a scrape is its own.
  for (const { name, metricsUrl } of pods) entries.push([name, await readProcessMetrics(metricsUrl)]);
  return Object.fromEntries(entries);
}

function cpuSecondsOf(usage: Readonly<Record<string, Usage>>, name: string): number {
  return find(usage, name).cpuSeconds;
}

function find<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`${name} has ended.`);
  return value;
}

function requireConfirmed({ confirmedIds, others }: LoadResult): void {
  if (confirmedIds.length === 0) throw new Error(`No order was confirmed: ${JSON.stringify(others)}`);
}
