import { parseArgs } from 'node:util';
import { createConsoleLog } from './local/console.ts';
import { readStartConfig } from './local/start-config.ts';
import { startSystem } from './local/start-system.ts';
import { startWorkerOnly } from './local/start-worker.ts';
import type { Stoppable } from './local/stoppable.ts';

const log = createConsoleLog('start');

// One Ctrl-C arrives twice when npm passes it on; only a later one says that somebody lost patience.
const IMPATIENT_AFTER_MS = 1_000;

const NPM_CHECK_MS = 500;

/** Whatever was started so far; a signal stops it, also in the middle of starting. */
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
    // Leaving kills what is still there.
    if (Date.now() - stoppingSince > IMPATIENT_AFTER_MS) process.exit(1);
    return;
  }
  stoppingSince = Date.now();
  log('stopping …');
  await stopAll();
  log('stopped');
  process.exit(0);
}

/** An npm that is killed with SIGKILL can't pass it on; then somebody else has become the parent. */
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
