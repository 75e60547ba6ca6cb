import { extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describeExit, type LogLine, type ServerProcess, spawnServer } from './server-process.ts';

const extension = extname(import.meta.filename);

const preloads = ['exit-with-parent', 'keep-compiled-code'].map(
  (name) => pathToFileURL(join(import.meta.dirname, `${name}${extension}`)).href,
);

// Starting takes two seconds on two cores; the rest is for a busy machine.
const READY_LIMIT_MS = 60_000;

/** A Node process of this repository: its entry file, relative to the root and without extension, its arguments and its whole environment. */
export interface NodeProcess {
  main: string;
  args?: readonly string[];
  env: NodeJS.ProcessEnv;
  log: LogLine;
}

/** Runs a process that ends by itself; rejects unless it ends with exit code 0. */
export async function runProcess(options: NodeProcess): Promise<void> {
  const exit = await (await spawnProcess(options)).exited;
  if (exit.code !== 0) throw new Error(`${options.main} ended with ${describeExit(exit)}`);
}

/** Starts a process and waits until `isReady` returns true; rejects when it ends before that, or isn't ready within a minute. */
export async function startProcess(options: NodeProcess, isReady: () => Promise<boolean>): Promise<ServerProcess> {
  const server = await spawnProcess(options);
  const ended = server.exited.then((exit) => `ended with ${describeExit(exit)} while it started`);
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    const outcome = await Promise.race([ended, isReady()]);
    if (outcome === true) return server;
    const failure = outcome === false ? await Promise.race([ended, delay(50, undefined)]) : outcome;
    if (failure !== undefined) throw new Error(`${options.main} ${failure}`);
  }
  await server.stop();
  throw new Error(`${options.main} was not ready within ${READY_LIMIT_MS / 1000} s`);
}

/** Returns whether a GET of `url` succeeds. */
export async function respondsOk(url: string): Promise<boolean> {
  // A server that is starting may accept a connection long before it answers.
  return await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

/** As in the image, whose Dockerfile says why. */
const memory = { MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=32' };

async function spawnProcess({ main, args: own = [], env, log }: NodeProcess): Promise<ServerProcess> {
  const script = join(import.meta.dirname, '../..', `${main}${extension}`);
  const args = [...preloads.flatMap((file) => ['--import', file]), script, ...own];
  return await spawnServer({ command: process.execPath, args, env: { ...memory, ...env }, log, ipc: true });
}
