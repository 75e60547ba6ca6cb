import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Answer } from './connection.ts';
import { runCountedLoad } from './http-load.ts';
import { formatLoad } from './load-line.ts';
import { createAsyncOrderRequests, seedCatalogue } from './orders.ts';
import type { Part, PartContext } from './part.ts';
import { readUsage, type Usage } from './processes.ts';

const MAX_MB = 600;
/** Memory is flat if its mean over the last quarter is at most so much above that of the quarter before. */
const MAX_GROWTH = 1.05;
const CONNECTIONS = 64;
const LOOK_MS = 5_000;
/** Looks between two lines of progress. */
const LOOKS_PER_LINE = 12;
/** Nothing is confirmed for so long: the soak has failed. */
const PATIENCE_MS = 120_000;

/** The memory of API and worker at one moment, and how many orders were confirmed by then. */
interface Look {
  readonly confirmed: number;
  readonly residentMb: number;
}

/**
 * Sends many orders as fast as the API accepts them, and measures the memory of API and worker until the wanted number is confirmed. Nothing may be refused or lost, and memory must be flat over the last half.
 */
export const benchSoak: Part = async (context) => {
  const { system, authorization, signal, say } = context;
  const { crowd, confirmed: wanted } = context.soak;
  await seedCatalogue(system.running().sandboxUrl);
  const next = createAsyncOrderRequests(authorization);
  let accepted = 0;
  const onAnswer = ({ status }: Answer) => {
    if (status === 202) accepted += 1;
  };
  const idleMb = await readMemoryMb(context);
  say(`${crowd} orders at once`);
  const during = watchMemory(context);
  const taking = await runCountedLoad(
    { url: system.running().apiUrl, connections: CONNECTIONS, next, onAnswer, signal },
    crowd,
  );
  const peakMb = Math.max(...(await during.stop()));
  say(formatLoad('taken', taking));
  const before = await readApp(context);
  const { looks, found, seconds } = await watchUntilConfirmed(context, Math.min(wanted, accepted));
  const [third = [], last = []] = splitLastHalf(looks);
  const growth = mean(last) / mean(third);
  const mostMb = Math.max(...looks.map(({ residentMb }) => residentMb));
  const confirmed = looks.at(-1)?.confirmed ?? 0;
  const cpuMs = (((await readApp(context)).cpuSeconds - before.cpuSeconds) * 1_000) / (confirmed - found.confirmed);
  return {
    facts: [
      formatLoad('POST /orders, as many as go', taking),
      `${accepted} orders were answered with 202, ${found.all} of them exist; ${confirmed} confirmed in ${seconds.toFixed(0)} s after the last request`,
      `CPU of API and worker from then on: ${cpuMs.toFixed(1)} ms an order`,
      `memory of API and worker: ${idleMb.toFixed(0)} MB idle, ${peakMb.toFixed(0)} while the crowd came, ` +
        `${mostMb.toFixed(0)} at most afterwards; means of the last two quarters ${mean(third).toFixed(0)} and ${mean(last).toFixed(0)} MB`,
    ],
    targets: [
      atMost(`API and worker under ${MAX_MB} MB while the crowd comes`, MAX_MB, peakMb),
      atMost(`and while it is worked off`, MAX_MB, mostMb),
      atMost('growth over the last half', MAX_GROWTH, growth),
      atMost('accepted orders lost', 0, accepted - found.all),
      { name: 'orders confirmed', measured: confirmed, met: confirmed >= wanted },
    ],
  };
};

async function watchUntilConfirmed(context: PartContext, wanted: number) {
  const database = new Client({ connectionString: context.system.running().databaseUrl });
  await database.connect();
  try {
    const read = async () => {
      const { rows } = await database.query<{ found: number; confirmed: number }>(
        `select count(*)::integer as found, count(confirmed_at)::integer as confirmed from orders where metadata->>'source' = 'bench'`,
      );
      return rows[0] ?? { found: 0, confirmed: 0 };
    };
    const startedMs = performance.now();
    const looks: Look[] = [];
    let progressMs = startedMs;
    const first = await read();
    let now = first;
    while (now.confirmed < wanted && performance.now() - progressMs < PATIENCE_MS) {
      await delay(LOOK_MS, undefined, { signal: context.signal });
      const before = now.confirmed;
      now = await read();
      if (now.confirmed > before) progressMs = performance.now();
      const residentMb = await readMemoryMb(context);
      looks.push({ confirmed: now.confirmed, residentMb });
      if (looks.length % LOOKS_PER_LINE === 0) {
        context.say(`${now.confirmed} of ${wanted} confirmed, ${residentMb.toFixed(0)} MB`);
      }
    }
    return {
      looks,
      found: { all: now.found, confirmed: first.confirmed },
      seconds: (performance.now() - startedMs) / 1_000,
    };
  } finally {
    await database.end();
  }
}

/** The memory in the third and in the last quarter of what was confirmed. */
function splitLastHalf(looks: readonly Look[]): number[][] {
  const total = looks.at(-1)?.confirmed ?? 0;
  const between = (from: number, to: number) =>
    looks
      .filter(({ confirmed }) => confirmed > total * from && confirmed <= total * to)
      .map(({ residentMb }) => residentMb);
  return [between(0.5, 0.75), between(0.75, 1)];
}

function watchMemory(context: PartContext): { stop: () => Promise<number[]> } {
  const over = new AbortController();
  const watch = async () => {
    const all: number[] = [];
    while (!over.signal.aborted) {
      all.push(await readMemoryMb(context));
      await delay(LOOK_MS, undefined, { signal: over.signal }).catch(() => {});
    }
    return [...all, await readMemoryMb(context)];
  };
  const watching = watch();
  return {
    stop: () => {
      over.abort();
      return watching;
    },
  };
}

async function readMemoryMb(context: PartContext): Promise<number> {
  return (await readApp(context)).residentMb;
}

async function readApp({ system }: PartContext): Promise<Usage> {
  const { app } = await readUsage({ app: system.running().pids.app });
  if (!app) throw new Error('API and worker have ended.');
  return app;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function atMost(name: string, bound: number, measured: number) {
  return { name, measured, met: measured <= bound };
}
