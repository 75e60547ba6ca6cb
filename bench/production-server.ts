import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import ms from 'ms';
import { freePort } from '../dev/local/free-port.ts';
import { startPostgres } from '../dev/local/postgres.ts';
import { runCommand } from '../dev/local/run-command.ts';
import { describeExit, spawnServer } from '../dev/local/server-process.ts';
import { findGoProgram } from '../test/servers/setup/find-program.ts';

/** A Temporal as it is run in production, with its processes; disposing of it stops it and deletes its data. */
export interface ProductionServer extends AsyncDisposable {
  readonly address: string;
  readonly pids: Readonly<Record<string, number>>;
  /** All that it keeps is in these databases. */
  readonly databaseUrls: readonly string[];
}

const VERSION = 'v1.32.0';
const SOURCE = 'go.temporal.io/server';
const PASSWORD = 'temporal';
/** The server's settings in a deployment of this size. */
const HISTORY_SHARDS = '4';
const DATABASES = { temporal: 'temporal', visibility: 'temporal_visibility' } as const;
/** Orders start eagerly, as they do on the dev server. */
const DYNAMIC_CONFIG = 'system.enableEagerWorkflowStart:\n  - value: true\n';
const SCHEMA_LIMIT_MS = ms('1m');
const START_LIMIT_MS = ms('1m');

/** Starts Temporal's server on a PostgreSQL of its own, with the namespace `default`; both are built or found in our cache. */
export async function startProductionServer(say: (text: string) => void): Promise<ProductionServer> {
  const server = await findGoProgram({ name: 'temporal-server', source: `${SOURCE}/cmd/server`, version: VERSION });
  const sqlTool = await findGoProgram({
    name: 'temporal-sql-tool',
    source: `${SOURCE}/cmd/tools/sql`,
    version: VERSION,
  });
  say('starting Temporal on PostgreSQL');
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-temporal-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port, password: PASSWORD, log: () => {} });
  started.defer(postgres.stop);
  await createSchemas(sqlTool, port);

  const dynamicConfig = join(folder, 'dynamic-config.yaml');
  await writeFile(dynamicConfig, DYNAMIC_CONFIG);
  const ports = await Promise.all(Array.from({ length: 9 }, () => freePort()));
  const process = await spawnServer({
    command: server,
    args: ['start'],
    env: { ...serverEnvironment(port), ...servicePorts(ports), DYNAMIC_CONFIG_FILE_PATH: dynamicConfig },
    log: () => {},
    stopSignal: 'SIGTERM',
  });
  started.defer(process.stop);
  const address = `127.0.0.1:${ports[0]}`;
  const ended = process.exited.then((exit) => Promise.reject(new Error(`Temporal has ended: ${describeExit(exit)}`)));
  await Promise.race([registerNamespace(address), ended]);
  const running = started.move();
  return {
    address,
    pids: { temporal: process.pid, 'temporal’s postgres': postgres.pid },
    databaseUrls: Object.values(DATABASES).map((name) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** As the image `temporalio/server` is configured, by variables alone. */
function serverEnvironment(postgresPort: number): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    PATH,
    HOME,
    DB: 'postgres12',
    DB_PORT: String(postgresPort),
    POSTGRES_SEEDS: '127.0.0.1',
    POSTGRES_USER: 'postgres',
    POSTGRES_PWD: PASSWORD,
    DBNAME: DATABASES.temporal,
    VISIBILITY_DBNAME: DATABASES.visibility,
    NUM_HISTORY_SHARDS: HISTORY_SHARDS,
    BIND_ON_IP: '127.0.0.1',
    TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1',
    LOG_LEVEL: 'error',
  };
}

function servicePorts(ports: readonly number[]): NodeJS.ProcessEnv {
  const services = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'];
  const named = services.flatMap((service, index) => [
    [`${service}_GRPC_PORT`, String(ports[index * 2])],
    [`${service}_MEMBERSHIP_PORT`, String(ports[index * 2 + 1])],
  ]);
  return { ...Object.fromEntries(named), FRONTEND_HTTP_PORT: String(ports[8]) };
}

async function createSchemas(sqlTool: string, port: number): Promise<void> {
  for (const [kind, database] of Object.entries(DATABASES)) {
    const common = [
      '--plugin',
      'postgres12',
      '--ep',
      '127.0.0.1',
      '-p',
      String(port),
      '-u',
      'postgres',
      '--pw',
      PASSWORD,
    ];
    const run = (...args: string[]) =>
      runCommand(sqlTool, [...common, '--db', database, ...args], { limitMs: SCHEMA_LIMIT_MS });
    await run('create-database');
    await run('setup-schema', '-v', '0.0');
    await run('update-schema', '--schema-name', `postgresql/v12/${kind}`);
  }
}

async function registerNamespace(address: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  const connection = Connection.lazy({ address });
  const { workflowService } = connection;
  try {
    for (;;) {
      try {
        await workflowService.registerNamespace({
          namespace: 'default',
          workflowExecutionRetentionPeriod: msToTs('1d'),
        });
        break;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(500);
      }
    }
    // Each of the server's services learns of a namespace in its own time.
    while (!(await isKnown(connection))) await delay(500);
  } finally {
    await connection.close();
  }
}

async function isKnown({ workflowService }: Connection): Promise<boolean> {
  return workflowService.listOpenWorkflowExecutions({ namespace: 'default', maximumPageSize: 1 }).then(
    () => true,
    () => false,
  );
}
