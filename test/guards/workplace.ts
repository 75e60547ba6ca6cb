import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SharedServers } from '../setup/shared-servers.ts';
import type { Guard } from './guard.ts';
import type { Finding } from './try-without.ts';

/** A copy of the sources, and a process that tries one guard after another in it. */
export interface Workplace {
  /** Runs a guard's test on the copy without the guard. A process that hangs or dies has found nothing, and the next guard gets another. */
  tryWithout(guard: Guard): Promise<Finding>;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

/** What a test may read of the project. */
const sources = [
  'src',
  // The sandbox is held to the documents of its services.
  'docs/services',
  'workflows',
  'activities',
  'migrations',
  'dev',
  'test',
  '.config',
  'package.json',
  'tsconfig.json',
];

/** A wait that is in vain ends after this: the quickest tests wait for a few hundred milliseconds, the slowest for a restart. */
const WAIT_LIMIT_MS = 12_000;

/** Starting, one test, and its hooks; more means that it hangs. */
const RUN_LIMIT_MS = 180_000;

/** What is told of a process that died. */
const TOLD_CHARACTERS = 2_000;

/** Copies the sources into a folder of its own in `folder`. */
export async function openWorkplace(folder: string, servers: SharedServers): Promise<Workplace> {
  const copy = await mkdtemp(join(folder, 'copy-'));
  await copySources(copy);
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  let child: ChildProcess | undefined;
  return {
    tryWithout: async (guard) => {
      child ??= startIn(copy, servers);
      const outcome = await ask(child, guard);
      if ('finding' in outcome) return outcome.finding;
      child.kill('SIGKILL');
      child = undefined;
      // The guard that it was about may still be out.
      await copySources(copy);
      return { isCaught: false, why: outcome.problem };
    },
    close: async () => {
      if (child?.connected !== true) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function copySources(copy: string): Promise<void> {
  for (const source of sources) await cp(join(root, source), join(copy, source), { recursive: true });
}

/** Whatever the process reads is the copy's, its own code too. */
function startIn(copy: string, servers: SharedServers): ChildProcess {
  const env = { ...process.env, TEST_SERVERS: JSON.stringify(servers), TEST_WAIT_LIMIT_MS: String(WAIT_LIMIT_MS) };
  return fork(join(copy, 'test/guards/main-workplace.ts'), {
    cwd: copy,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function ask(child: ChildProcess, guard: Guard): Promise<{ finding: Finding } | { problem: string }> {
  let output = '';
  const answered = new AbortController();
  const listen = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-TOLD_CHARACTERS));
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', listen);
  try {
    child.send(guard);
    const signal = AbortSignal.any([AbortSignal.timeout(RUN_LIMIT_MS), answered.signal]);
    const [finding] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'close', { signal }).then(() => Promise.reject(new Error('its process died'))),
    ])) as [Finding];
    return { finding };
  } catch (error) {
    return { problem: `no report of a run: ${String(error)}\n${output}` };
  } finally {
    answered.abort();
    for (const stream of [child.stdout, child.stderr]) stream?.off('data', listen);
  }
}
