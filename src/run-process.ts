import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { ConfigError } from './config.ts';

/** Signals on which a process stops in an orderly way. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A stop that takes longer than this will not succeed. */
const STOP_LIMIT_MS = 10_000;

/** By how much the heap, of this thread and of those of workflows, may grow beyond what is in use before it is cleaned. */
const HEAP_GROWING_PERCENT = 50;

/**
 * What half of the new objects of each thread may take that starts later: V8 would allow eight times as much and keep it, and workflows take as much
 * processor time with this. The main thread has what `NODE_OPTIONS` says, which would hold for all threads, whatever their own limits are.
 */
const SEMI_SPACE_MB_OF_THREADS = 16;

/** A process that has been wired up. */
export interface RunningProcess {
  /** How long it goes on after the stop signal before it is stopped: others need this time to hear that it is about to go. */
  readonly stopDelayMs: number;
  readonly stop: () => Promise<void>;
}

/**
 * Runs a process until its first stop signal: `start` wires it up; `stopping` aborts at the signal. A signal that comes during the start counts.
 * A wrong setting ends the process with a message, without a stack trace.
 */
export async function runProcess(start: (stopping: AbortSignal) => Promise<RunningProcess>): Promise<void> {
  // Otherwise the heap grows to several times what is in use before it is cleaned, the more the larger the machine is.
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB_OF_THREADS}`);
  // From the beginning: the first process of a container ignores signals that it does not handle.
  const stopping = new AbortController();
  const signalled = Promise.withResolvers<void>();
  for (const signal of stopSignals) {
    process.once(signal, () => {
      stopping.abort();
      signalled.resolve();
    });
  }
  try {
    const { stop, stopDelayMs } = await start(stopping.signal);
    await signalled.promise;
    await delay(stopDelayMs);
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    await stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  }
}
