import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { RunningSystem } from '../../src/cli/local-system/running-system.ts';
import { signToken } from '../../src/cli/local-system/sign-token.ts';
import { createFileLog } from '../local/console.ts';
import { freePort } from '../local/free-port.ts';
import { respondsOk, startProcess } from '../local/node-process.ts';
import { startPrivateSystem } from '../local/private-system.ts';
import { kill, type LogLine } from '../local/server-process.ts';
import { buildWorkerEnvironment } from '../local/start-worker.ts';
import { supervise } from '../local/supervisor.ts';
import { addWorkflowBundle } from '../local/workflow-bundle.ts';
import { createHttpClient, type HttpClient, type HttpRequest } from '../replay/http-client.ts';
import type { Freezable } from './plan-freezes.ts';
import type { Victim } from './plan-kills.ts';
import { TAX_RATES } from './plan-orders.ts';

/** A system whose processes may be killed, and clients of its services. */
export interface ChaosSystem {
  /** With an administrator's token, which allows everything. */
  readonly api: HttpClient;
  readonly sandbox: HttpClient;
  readonly temporal: Client;
  /** Runs one SELECT on the product's database on a new connection. */
  readonly select: <Row extends pg.QueryResultRow>(text: string) => Promise<Row[]>;
  /** Sends SIGKILL; returns false when the process was not running. */
  readonly kill: (victim: Victim) => boolean;
  /** Stops a process until the function that it returns is called; undefined when the process was not running. */
  readonly freeze: (victim: Freezable) => (() => void) | undefined;
  /** Whether it serves again after it was killed. */
  readonly isUp: (victim: Victim) => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** How the system is started. */
export interface ChaosSystemOptions {
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Whether a second worker runs, which is neither killed nor frozen. */
  readonly hasSecondWorker: boolean;
  /** Called for every failed attempt at the API. */
  readonly onFailure: (request: HttpRequest, status: number | undefined) => void;
}

/** A service that is unavailable for so long will not come back. */
const PATIENCE_MS = 90_000;
/** A frozen worker takes tasks, which are given to another after their timeout, and Temporal makes that longer with each attempt. */
const PATIENCE_WITH_FREEZES_MS = 240_000;
/** Longer than any run takes. */
const TOKEN_MS = 24 * 3_600_000;

/** Starts API and worker as separate processes, with all servers; the log files are in `dataDir`. */
export async function startChaosSystem({
  dataDir,
  settings: given,
  hasSecondWorker,
  onFailure,
}: ChaosSystemOptions): Promise<ChaosSystem> {
  // A few customers place all orders, and many of their payments are declined.
  const settings = { TAX_RATES, PAYMENT_DECLINES_PER_CUSTOMER: '0', ...given };
  const log = createFileLog(join(dataDir, 'system.log'));
  const product = await startPrivateSystem({
    dataDir,
    settings: { ROLE: 'api', LOG_FORMAT: 'json', ...settings },
    log,
  });
  const running = product.running();

  const worker = await startWorker({ name: 'worker', dataDir, settings, running, log });
  const second = hasSecondWorker
    ? await startWorker({ name: 'second-worker', dataDir, settings, running, log })
    : undefined;

  const token = await signToken({ sub: 'chaos', roles: ['admin'], expiresMs: TOKEN_MS }, running);
  const patienceMs = hasSecondWorker ? PATIENCE_WITH_FREEZES_MS : PATIENCE_MS;
  const headers = { authorization: `Bearer ${token}` };
  const connection = Connection.lazy({ address: running.temporalAddress });
  const killed = new Set<number>();
  const frozen = new Set<number>();
  const pidOf = (victim: Victim) =>
    victim === 'worker' ? worker.pid() : product.running().pids[victim === 'api' ? 'app' : victim];
  return {
    api: createHttpClient({ name: 'The API', baseUrl: running.apiUrl, headers, patienceMs, onFailure }),
    sandbox: createHttpClient({ name: 'The sandbox', baseUrl: running.sandboxUrl, patienceMs }),
    temporal: new Client({ connection, namespace: running.temporalNamespace }),
    select: (text) => select(running.databaseUrl ?? '', text),
    kill: (victim) => {
      const pid = pidOf(victim);
      // A process id is recorded once its process is ready; until then it is that of the killed one.
      if (pid === undefined || killed.has(pid)) return false;
      killed.add(pid);
      return kill(pid, 'SIGKILL');
    },
    freeze: (victim) => {
      const pid = pidOf(victim);
      if (pid === undefined || killed.has(pid) || frozen.has(pid) || !kill(pid, 'SIGSTOP')) return undefined;
      frozen.add(pid);
      return () => {
        frozen.delete(pid);
        kill(pid, 'SIGCONT');
      };
    },
    isUp: async (victim) => {
      if (killed.has(pidOf(victim) ?? Number.NaN)) return false;
      return victim !== 'worker' || (await worker.isReady());
    },
    stop: async () => {
      for (const pid of frozen) kill(pid, 'SIGCONT');
      await worker.stop();
      await second?.stop();
      await connection.close();
      await product.stop();
    },
  };
}

interface WorkerOptions extends Pick<ChaosSystemOptions, 'dataDir' | 'settings'> {
  readonly name: string;
  readonly running: RunningSystem;
  readonly log: LogLine;
}

/** Starts a worker of its own, and again whenever it ends. */
async function startWorker({ name, dataDir, settings, running, log }: WorkerOptions) {
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR } = process.env;
  const probePort = String(await freePort());
  const workerLog = createFileLog(join(dataDir, `${name}.log`));
  const inherited = { PATH, HOME, XDG_CACHE_HOME, TMPDIR };
  const own = buildWorkerEnvironment(running, { ...inherited, METRICS_PORT: '0', PROBE_PORT: probePort, ...settings });
  const env = await addWorkflowBundle(own, dataDir, workerLog);
  let lastPid: number | undefined;
  const { stop } = await supervise({
    name,
    start: () => startProcess({ main: 'src/main-worker', env, log: workerLog }, () => Promise.resolve(true)),
    log,
    onStart: (pid) => (lastPid = pid),
  });
  return { stop, pid: () => lastPid, isReady: () => respondsOk(`http://127.0.0.1:${probePort}/readyz`) };
}

async function select<Row extends pg.QueryResultRow>(connectionString: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  // A server that ends also reports it on the connection.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
