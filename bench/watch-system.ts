import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { httpRequest } from './connection.ts';
import { runOpenLoad } from './http-load.ts';
import { computePercentiles } from './measures.ts';
import type { PartContext } from './part.ts';
import { readUsage } from './processes.ts';
import { pickOrderIds } from './reads.ts';

/** What the system was like while something else ran; figures that need `/proc` are undefined elsewhere. */
export interface Watched<T> {
  readonly result: T;
  readonly seconds: number;
  /** CPU seconds of each process. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** The most memory that the app had, less what it had before. */
  readonly aboveIdleMb: number | undefined;
  /** Of reads of an order, a hundred a second. */
  readonly readP99Ms: number;
}

/** Runs work while it reads orders and looks at the app's memory and at everybody's CPU. */
export type Watch = <T>(work: () => Promise<T>) => Promise<Watched<T>>;

const READS_A_SECOND = 100;
const CONNECTIONS = 4;
/** Reads go on in steps of this length until the work is done. */
const STEP_SECONDS = 1;
const LOOK_MS = 100;

/** Makes the watch over the bench's own system. */
export async function createWatch({ system, authorization, signal }: PartContext): Promise<Watch> {
  const { apiUrl: url, databaseUrl, pids } = system.running();
  const requests = (await pickOrderIds(databaseUrl)).map((id) =>
    httpRequest('GET', `/api/v1/orders/${id}`, { authorization }),
  );
  let sent = 0;
  const next = () => requests[(sent += 1) % requests.length] ?? '';
  return async (work) => {
    const over = new AbortController();
    const before = await readUsage(pids);
    const idleMb = await readMemoryMb(pids.app);
    const reading = readUntil(over.signal, () =>
      runOpenLoad({ url, connections: CONNECTIONS, next, signal, seconds: STEP_SECONDS }, READS_A_SECOND),
    );
    const looking = watchMemory(pids.app, over.signal);
    const startedMs = performance.now();
    try {
      const result = await work();
      const seconds = (performance.now() - startedMs) / 1_000;
      const after = await readUsage(pids);
      over.abort();
      const mostMb = await looking;
      return {
        result,
        seconds,
        cpuSeconds: Object.fromEntries(
          Object.entries(after).map(([name, { cpuSeconds }]) => [
            name,
            cpuSeconds - (before[name]?.cpuSeconds ?? Number.NaN),
          ]),
        ),
        aboveIdleMb: idleMb === undefined || mostMb === undefined ? undefined : mostMb - idleMb,
        readP99Ms: computePercentiles(await reading).p99,
      };
    } finally {
      over.abort();
    }
  };
}

async function readUntil(
  over: AbortSignal,
  step: () => Promise<{ readonly latenciesMs: readonly number[] }>,
): Promise<number[]> {
  const all: number[] = [];
  while (!over.aborted) all.push(...(await step()).latenciesMs);
  return all;
}

async function watchMemory(pid: number | undefined, over: AbortSignal): Promise<number | undefined> {
  let most: number | undefined;
  while (!over.aborted) {
    const now = await readMemoryMb(pid);
    if (now !== undefined) most = Math.max(most ?? 0, now);
    await delay(LOOK_MS);
  }
  return most;
}

/** What a process has in memory; `undefined` without /proc. */
async function readMemoryMb(pid: number | undefined): Promise<number | undefined> {
  const status = pid === undefined ? '' : await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
