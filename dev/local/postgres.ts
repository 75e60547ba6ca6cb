import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseRole } from '../../src/repositories/running-role.ts';
import { readCommandLine } from './command-line.ts';
import { makeDataDirectory, type PostgresData } from './postgres-data.ts';
import { wrapForPostgresUser } from './postgres-user.ts';
import { findPostgresPrograms } from './postgres-programs.ts';
import { describeExit, kill, type ServerProcess, spawnServer } from './server-process.ts';

/** A running PostgreSQL; `url` is its maintenance database, as the superuser `postgres`. */
export interface PostgresServer extends ServerProcess {
  url: string;
}

/** Its data, and the port on which it listens. */
export interface PostgresOptions extends PostgresData {
  port: number;
}

// Recovery after a crash replays the log since the last checkpoint; on a slow disk that takes a while.
const START_LIMIT_MS = 60_000;
// When a server is killed, its child processes notice within a second and then free its shared memory.
const REMAINS_LIMIT_MS = 10_000;

/**
 * Starts PostgreSQL on `127.0.0.1:port`, also after a crash and also as root (it then runs as user `postgres`), and creates its
 * data directory when there is none. Rejects when the server ends before it accepts connections.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const programs = findPostgresPrograms();
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) await makeDataDirectory(programs.initdb, options);
  await removeStalePidFile(options.dataDir);
  const deadline = Date.now() + REMAINS_LIMIT_MS;
  for (;;) {
    const lastLines: string[] = [];
    const log = (line: string) => {
      if (lastLines.push(line) > 5) lastLines.shift();
      options.log(line);
    };
    const server = await spawnPostgres(programs.postgres, { ...options, log });
    const url = buildPostgresUrl(options.port, 'postgres', { name: 'postgres', password: options.password });
    const failure = await waitUntilConnectable(url, server);
    if (failure === undefined) return { ...server, url };
    await server.stop();
    const isHeldByRemains = lastLines.some((line) => /shared memory block|still in use/.test(line));
    if (!isHeldByRemains || Date.now() > deadline) throw new Error(`${failure}: ${lastLines.join(' / ')}`);
    await delay(200);
  }
}

/** Returns the address of a database of a local server. */
export function buildPostgresUrl(port: number, database: string, { name, password }: DatabaseRole): string {
  return `postgres://${name}:${password}@127.0.0.1:${port}/${database}`;
}

async function spawnPostgres(postgres: string, options: PostgresOptions): Promise<ServerProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${chooseSharedBuffersMb()}MB`,
    max_wal_size: '1GB',
    shared_preload_libraries: 'pg_stat_statements',
    log_checkpoints: 'off',
    ...(options.durable === false && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const run: [string, ...string[]] = [postgres, '-D', options.dataDir, '-p', String(options.port), ...flags];
  const [command, ...args] = await wrapForPostgresUser(run, options.dataDir);
  return await spawnServer({
    command,
    args,
    log: options.log,
    // Fast shutdown: ends sessions and writes a checkpoint.
    stopSignal: 'SIGINT',
    // Immediate shutdown; after SIGKILL the server's child processes would go on until they notice.
    killSignal: 'SIGQUIT',
  });
}

/** Returns a sixteenth of the machine's memory, at least PostgreSQL's default and at most what the busiest pages of a million orders need. Unused shared buffers take no memory. */
function chooseSharedBuffersMb(): number {
  return Math.round(Math.min(Math.max(totalmem() / 16 / 1_048_576, 128), 1_024));
}

/** Waits until the server accepts connections; returns the reason when it ends or never does. */
async function waitUntilConnectable(url: string, server: ServerProcess): Promise<string | undefined> {
  const deadline = Date.now() + START_LIMIT_MS;
  const ended = server.exited.then((exit) => `PostgreSQL ended with ${describeExit(exit)}`);
  while (Date.now() < deadline) {
    if (await acceptsConnections(url)) return undefined;
    const failure = await Promise.race([ended, delay(50, undefined)]);
    if (failure !== undefined) return failure;
  }
  return `PostgreSQL accepts no connections after ${START_LIMIT_MS / 1000} s`;
}

async function acceptsConnections(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return false;
    throw new Error('The data of this PostgreSQL were made with another password; npm start -- --fresh deletes them', {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Removes the pid file of a killed server: PostgreSQL would refuse to start if another process has that pid now. */
async function removeStalePidFile(dataDir: string): Promise<void> {
  const path = join(dataDir, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  if (Number.isNaN(pid)) return;
  const isOurs = kill(pid, 0) && (await readCommandLine(pid)).includes(dataDir);
  if (isOurs) throw new Error(`PostgreSQL is already running on ${dataDir}, as process ${pid}`);
  await rm(path, { force: true });
}
