import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../dev/local/free-port.ts';
import { runCommand } from '../../dev/local/run-command.ts';
import { kill, spawnServer } from '../../dev/local/server-process.ts';
import { createHttpClient } from '../../dev/replay/http-client.ts';
import type { BenchedSystem } from '../connect.ts';
import { createOrderPlacer } from '../orders.ts';
import { contestantNames } from '../targets.ts';
import type { Contestant } from './contestant.ts';

const folder = join(import.meta.dirname, '../peers');
/** The database of the peers, beside the product's. */
const DATABASE = 'bench_peers';
/** A slow network, once. */
const INSTALL_LIMIT_MS = 5 * 60_000;

/** What each peer is started with. */
const peers = [
  { name: contestantNames.peer, program: 'dbos.ts', accepts: true },
  { name: 'DBOS', program: 'dbos.ts', accepts: false },
  { name: 'no engine', program: 'straight.ts', accepts: true },
];

/**
 * Prepares the same order on DBOS and without an engine, on the running system's services and PostgreSQL. Their libraries are none of
 * the product's, and are installed here when they are asked for. Throws without a local PostgreSQL.
 */
export async function startPeers({ running }: Pick<BenchedSystem, 'running'>): Promise<Contestant[]> {
  if (running.databaseAdminUrl === undefined) throw new Error('Peers need a PostgreSQL of the system’s own.');
  await runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, limitMs: INSTALL_LIMIT_MS });
  const databaseUrl = await createDatabase(running.databaseAdminUrl);
  const started: Contestant[] = [];
  for (const peer of peers) started.push(await startPeer(peer, { databaseUrl, sandboxUrl: running.sandboxUrl }));
  return started;
}

async function createDatabase(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(adminUrl), { pathname: `/${DATABASE}` }).href;
}

async function startPeer(
  { name, program, accepts }: (typeof peers)[number],
  { databaseUrl, sandboxUrl }: { readonly databaseUrl: string; readonly sandboxUrl: string },
): Promise<Contestant> {
  const port = await freePort();
  const up = Promise.withResolvers<void>();
  const { pid, stop, exited } = await spawnServer({
    command: process.execPath,
    args: [join(folder, program)],
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      SANDBOX_URL: sandboxUrl,
      ACCEPTS: String(accepts),
    },
    log: (line) => {
      if (line.includes('is up')) up.resolve();
      else process.stderr.write(`${name}: ${line}\n`);
    },
  });
  const failed = exited.then(() => Promise.reject(new Error(`${name} has ended`)));
  await Promise.race([up.promise, failed]);
  const pause = () => void kill(pid, 'SIGSTOP');
  const resume = () => void kill(pid, 'SIGCONT');
  pause();
  return {
    name,
    pid,
    pause,
    resume,
    place: createOrderPlacer(createHttpClient({ name, baseUrl: `http://127.0.0.1:${port}`, patienceMs: 0 })),
    isWithoutTemporal: true,
    [Symbol.asyncDispose]: async () => {
      resume();
      await stop();
    },
  };
}
