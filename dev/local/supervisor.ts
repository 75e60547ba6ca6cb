import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, type LogLine, type ServerProcess } from './server-process.ts';

// The first restart is nearly immediate. A start takes a second of processor time: with a pause as long, a crash loop uses half a
// core, and orders don't wait longer than necessary.
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 1_000;
// A process that ran this long before it died is not in a crash loop.
const HEALTHY_MS = 5_000;

/** A process that is kept running. */
export interface Supervised {
  name: string;
  /** Stops it without a restart; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How to start the process, and who is told about it. */
export interface Supervision {
  name: string;
  start: () => Promise<ServerProcess>;
  log: LogLine;
  /** Called with the process id after every start. */
  onStart: (pid: number) => void;
}

/** Starts a process and starts it again, with backoff, whenever it dies; rejects when the first start fails. */
export async function supervise({ name, start, log, onStart }: Supervision): Promise<Supervised> {
  const stopping = new AbortController();
  let current = await start();
  onStart(current.pid);

  const keepRunning = async () => {
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      const startedAt = Date.now();
      const exit = await current.exited;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > HEALTHY_MS) backoffMs = FIRST_BACKOFF_MS;
      log(`${name} ended with ${describeExit(exit)}; starting it again in ${backoffMs / 1000} s`);
      const again = await startAgain(start, backoffMs, log, name, stopping.signal);
      if (again === undefined) return;
      current = again;
      if (stopping.signal.aborted) return await current.stop();
      onStart(current.pid);
      log(`${name} is up again (process ${current.pid})`);
    }
  };
  const kept = keepRunning();
  return {
    name,
    stop: async () => {
      stopping.abort();
      await current.stop();
      await kept;
    },
  };
}

/** Retries until a start succeeds; returns `undefined` when `signal` aborts before that. */
async function startAgain(
  start: () => Promise<ServerProcess>,
  firstBackoffMs: number,
  log: LogLine,
  name: string,
  signal: AbortSignal,
): Promise<ServerProcess | undefined> {
  for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
    await delay(backoffMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      return await start();
    } catch (error) {
      log(`${name} could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
