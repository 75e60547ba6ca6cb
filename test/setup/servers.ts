import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { startPostgres } from '../../dev/local/postgres.ts';
import { runCommand } from '../../dev/local/run-command.ts';
import { kill, type ServerProcess } from '../../dev/local/server-process.ts';
import { startTemporalServer } from '../../dev/local/temporal-server.ts';
import { createTemplateDatabase, POSTGRES_PASSWORD } from './template-database.ts';

/** A server that a test takes away and brings back, with the same address and data. */
export interface RestartableServer {
  /** Stops it in order. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL, as a crash does, and waits until it is gone. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and deletes its data. */
  destroy(): Promise<void>;
}

/** Starts a PostgreSQL of the test's own; `url` is the maintenance database, for {@link createTestDatabase}. */
export async function startOwnPostgres(): Promise<RestartableServer & { url: string; dataDir: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-postgres-'));
  const port = await freePort();
  const dataDir = join(folder, 'postgres');
  const run = () => startPostgres({ dataDir, port, password: POSTGRES_PASSWORD, log: () => undefined });
  const first = await run();
  await createTemplateDatabase(first.url);
  return { url: first.url, dataDir, ...restartable(first, run, folder) };
}

/** Starts a streaming replica of `primary`: a copy of its data that follows its log. */
export async function startReplica(primary: {
  readonly url: string;
  readonly dataDir: string;
}): Promise<RestartableServer & { url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-replica-'));
  const dataDir = join(folder, 'postgres');
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('replica', true)`);
    await runCommand('cp', ['-a', primary.dataDir, dataDir], { limitMs: 60_000 });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await writeFile(join(dataDir, 'backup_label'), rows[0]?.labelfile ?? '');
  } finally {
    await client.end();
  }
  const { port: primaryPort } = new URL(primary.url);
  const follow = `host=127.0.0.1 port=${primaryPort} user=postgres password=${POSTGRES_PASSWORD}`;
  await appendFile(join(dataDir, 'postgresql.auto.conf'), `primary_conninfo = '${follow}'\n`);
  await writeFile(join(dataDir, 'standby.signal'), '');
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
  const port = await freePort();
  const run = () => startPostgres({ dataDir, port, password: POSTGRES_PASSWORD, log: () => undefined });
  const first = await run();
  return { url: first.url, ...restartable(first, run, folder) };
}

/** Starts a Temporal dev server of the test's own, with its data in a file so that it outlives a restart. */
export async function startOwnTemporal(): Promise<RestartableServer & { address: string; dbFile: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-temporal-'));
  const port = await freePort();
  const cli = inject('temporalCli');
  const dbFile = join(folder, 'temporal.db');
  const run = () => startTemporalServer({ cli, port, dbFile, log: () => undefined });
  const first = await run();
  return { address: first.address, dbFile, ...restartable(first, run, folder) };
}

function restartable(first: ServerProcess, run: () => Promise<ServerProcess>, folder: string): RestartableServer {
  let server = first;
  return {
    stop: () => server.stop(),
    crash: async () => {
      kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    start: async () => {
      server = await run();
    },
    destroy: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
