import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { roleNames, type Passwords } from './local-databases.ts';
import { readCommandLine } from './command-line.ts';
import { kill } from './server-process.ts';
import { type RunningSystem, runningSystemFile } from '../../src/cli/local-system/running-system.ts';

/** The data directory of one `npm start`, held until {@link DataDirectory.release}. */
export interface DataDirectory {
  /** Records a child process, so that the next start can end it if this process is killed. */
  record(name: string, pid: number): void;
  writeRunning(system: RunningSystem): void;
  /** The secret that signs tokens; generated at the first start. */
  jwtSecret(): string;
  /** The secret that signs the payment service's webhooks (`whsec_…`); generated at the first start. */
  paymentWebhookSecret(): string;
  /** The passwords of the local PostgreSQL; generated at the first start. */
  passwords(): Passwords;
  release(): void;
}

interface Lock {
  pid: number;
  children: Record<string, number>;
}

// An orphaned server has no client left to wait for; after this time it is killed.
const ORPHAN_LIMIT_MS = 5_000;

/**
 * Locks `dataDir` for this process and ends servers that a killed `npm start` left running there; with `fresh` it
 * deletes the data first. Rejects when another `npm start` is running on it.
 */
export async function holdDataDirectory(dataDir: string, { fresh }: { fresh: boolean }): Promise<DataDirectory> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lockFile = join(dataDir, 'start.lock');
  const lock: Lock = { pid: process.pid, children: {} };
  while (!tryWrite(lockFile, lock)) await removeStaleLock(lockFile, dataDir);
  const runningFile = runningSystemFile(dataDir);
  rmSync(runningFile, { force: true });
  if (fresh) {
    // Only these names, so that a DATA_DIR that points to the wrong folder loses nothing else.
    for (const name of [
      'postgres',
      'temporal.db',
      'temporal.db-wal',
      'temporal.db-shm',
      'jwt-secret',
      'payment-webhook-secret',
      ...roleNames.map(passwordFile),
    ]) {
      rmSync(join(dataDir, name), { recursive: true, force: true });
    }
  }
  return {
    record: (name, pid) => {
      lock.children[name] = pid;
      replaceFile(lockFile, JSON.stringify(lock));
    },
    writeRunning: (system) => replaceFile(runningFile, `${JSON.stringify(system, undefined, 2)}\n`),
    jwtSecret: () => readOrMakeSecret(join(dataDir, 'jwt-secret'), 'base64url'),
    paymentWebhookSecret: () => `whsec_${readOrMakeSecret(join(dataDir, 'payment-webhook-secret'), 'base64')}`,
    passwords: () => readOrMakePasswords(dataDir),
    release: () => {
      rmSync(runningFile, { force: true });
      rmSync(lockFile, { force: true });
    },
  };
}

function tryWrite(lockFile: string, lock: Lock): boolean {
  const written = `${lockFile}.${process.pid}`;
  writeFileSync(written, JSON.stringify(lock), { mode: 0o600 });
  try {
    // A link appears together with its content, so no process reads a partly written lock.
    linkSync(written, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(written);
  }
}

async function removeStaleLock(lockFile: string, dataDir: string): Promise<void> {
  const { pid, children } = readLock(lockFile);
  if (pid !== process.pid && kill(pid, 0) && (await readCommandLine(pid)).includes('main-start')) {
    throw new Error(
      `npm start is already running on ${dataDir} (process ${pid}). Stop it, or set DATA_DIR and the ports for a second one.`,
    );
  }
  await Promise.all(Object.entries(children).map(([name, child]) => endOrphan(name, child, dataDir)));
  rmSync(lockFile, { force: true });
}

/** Ends a process only if it is the one in the lock: by now its id may belong to another program. */
async function endOrphan(name: string, pid: number, dataDir: string): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  const marks = [dataDir, join(root, 'dev/main-'), join(root, 'src/main-')];
  if (!(await isStillOurs(pid, marks))) return;
  kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const deadline = Date.now() + ORPHAN_LIMIT_MS;
  while (await isStillOurs(pid, marks)) {
    if (Date.now() > deadline) kill(pid, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
    await delay(50);
  }
}

async function isStillOurs(pid: number, marks: string[]): Promise<boolean> {
  const line = await readCommandLine(pid);
  return marks.some((mark) => line.includes(mark));
}

function readLock(lockFile: string): Lock {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
  } catch {
    // The lock was released in the meantime, or a crash of the machine truncated it; then none of its processes is running.
    return { pid: process.pid, children: {} };
  }
}

function readOrMakePasswords(dataDir: string): Passwords {
  const read = (role: keyof Passwords) => readOrMakeSecret(join(dataDir, passwordFile(role)), 'base64url');
  return {
    postgres: read('postgres'),
    migration: read('migration'),
    running: read('running'),
    sandbox: read('sandbox'),
  };
}

function passwordFile(role: keyof Passwords): string {
  return `${role}-password`;
}

function readOrMakeSecret(path: string, encoding: 'base64' | 'base64url'): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    const secret = randomBytes(32).toString(encoding);
    replaceFile(path, `${secret}\n`);
    return secret;
  }
}

/** Replaces a file in one step; only its owner can read it. */
function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.part`, content, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
