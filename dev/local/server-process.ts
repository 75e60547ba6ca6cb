import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createInterface } from 'node:readline';

/** Receives one line of output. */
export type LogLine = (line: string) => void;

/** How a process ended: its exit code, or the signal that ended it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running process; `exited` resolves when it is gone, for whatever reason, and never rejects. */
export interface ServerProcess {
  pid: number;
  exited: Promise<Exit>;
  /** Resolves when the process is gone: asked to stop, and killed when it takes longer than its limit. */
  stop(): Promise<void>;
}

/** What to run and how to stop it. */
export interface ProcessOptions {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  log: LogLine;
  stopSignal?: NodeJS.Signals;
  /** How long a stop may take before SIGKILL, in milliseconds. */
  stopLimitMs?: number;
  /** The signal for a process that takes longer to stop, or outlives this one. */
  killSignal?: NodeJS.Signals;
  /** Opens an IPC channel, by which a Node process notices that its parent has ended. */
  ipc?: boolean;
}

// Requests in flight and open transactions finish well within this time; a person at a terminal won't wait longer.
const STOP_LIMIT_MS = 10_000;

const running = new Map<number, NodeJS.Signals>();
process.on('exit', () => {
  for (const [pid, signal] of running) kill(pid, signal);
});

/**
 * Starts a process whose output goes to `log` line by line, in a process group of its own, so that Ctrl-C reaches
 * it only through {@link ServerProcess.stop}; it never outlives this process. Rejects when it can't be started.
 */
export async function spawnServer(options: ProcessOptions): Promise<ServerProcess> {
  const [command, ...args] = dieWithParent(options);
  const child = spawn(command, args, {
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? (['ipc'] as const) : [])],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  running.set(pid, options.killSignal ?? 'SIGKILL');
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', options.log);
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(pid);
      resolve({ code, signal });
    });
  });
  return { pid, exited, stop: () => stopProcess(pid, exited, options) };
}

/** Describes how a process ended, such as `exit code 1` or `SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal ?? `exit code ${exit.code}`;
}

/** Sends a signal; false when there is no such process. */
export function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function stopProcess(pid: number, exited: Promise<Exit>, options: ProcessOptions): Promise<void> {
  if (!running.has(pid)) return;
  kill(pid, options.stopSignal ?? 'SIGTERM');
  const timer = setTimeout(() => {
    if (running.has(pid)) kill(pid, options.killSignal ?? 'SIGKILL');
  }, options.stopLimitMs ?? STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}

/** On Linux, makes the kernel end the process when this one is killed with SIGKILL and can't do it. */
function dieWithParent({ command, args, killSignal = 'SIGKILL', ipc }: ProcessOptions): [string, ...string[]] {
  if (ipc || process.platform !== 'linux' || !isExecutable('/usr/bin/setpriv')) return [command, ...args];
  const signal = killSignal.replace('SIG', '');
  // The setpriv that changes the user has to set the signal too: changing the user clears it.
  if (command.endsWith('setpriv')) return [command, '--pdeathsig', signal, ...args];
  return ['/usr/bin/setpriv', '--pdeathsig', signal, command, ...args];
}

/** Whether `path` is a file this process may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
