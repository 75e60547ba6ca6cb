import { parseArgs } from 'node:util';
import { createConsoleLog } from './local/console.ts';
import { readStartConfig } from './local/start-config.ts';
import { startSystem } from './local/start-system.ts';
import { startWorkerOnly } from './local/start-worker.ts';
import type { Stoppable } from './local/stoppable.ts';

// Whatever is written here, by this process or by those that it starts, is for its user only.
process.umask(0o077);

const log = createConsoleLog('start');

// npm passes Ctrl-C on, so that one arrives twice; only a later one means that the user wants to leave at once.
const IMPATIENT_AFTER_MS = 1_000;

const NPM_CHECK_MS = 500;

/** All that was started so far; a signal stops it, also while the system is starting. */
const started: Stoppable[] = [];
let stoppingSince: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
stopWithNpm();

try {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const config = readStartConfig();
  if (config.product.role === 'worker') await startWorkerOnly(started, log);
  else await startSystem(config, values, started, log);
} catch (error) {
  if (stoppingSince === undefined) {
    process.stderr.write(`${describe(error)}\n`);
    await stopAll();
    process.exit(1);
  }
}

async function stop(): Promise<void> {
  if (stoppingSince !== undefined) {
    // The exit kills the processes that are left.
    if (Date.now() - stoppingSince > IMPATIENT_AFTER_MS) process.exit(1);
    return;
  }
  stoppingSince = Date.now();
  log('stopping …');
  await stopAll();
  log('stopped');
  process.exit(0);
}

/** Stops when npm was killed with SIGKILL, which npm can't pass on: the process then has another parent. */
function stopWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm && stoppingSince === undefined) void stop();
  }, NPM_CHECK_MS).unref();
}

async function stopAll(): Promise<void> {
  for (let last = started.pop(); last; last = started.pop()) await last.stop();
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${describe(error.cause)}` : error.message;
}
