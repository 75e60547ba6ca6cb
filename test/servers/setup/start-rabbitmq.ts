import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from 'rabbitmq-client';
import { freePort } from '../../../dev/local/free-port.ts';
import { findOnPath } from '../../../dev/local/run-command.ts';
import { kill, spawnServer, type ServerProcess } from '../../../dev/local/server-process.ts';
import { eventually } from '../../setup/eventually.ts';
import { findDebianProgram } from './find-program.ts';

/** A broker of its own: its ports, its data, its cookie and its own epmd, in a folder of its own. */
export interface RabbitBroker {
  readonly url: string;
  /** Ends it at once, as a crash does; {@link RabbitBroker.start} starts it again with the data that it has. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Stops it in the middle, so that it takes connections and answers nothing, or lets it go on. Resolves once nothing of it runs. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => void;
  readonly destroy: () => Promise<void>;
}

/** A broker that starts takes three seconds, and a busy machine makes it many times that. */
const START_LIMIT_MS = 60_000;

const log = () => undefined;

/** Starts Debian's rabbitmq-server; rejects with what to install when it isn't there. */
export async function startRabbit(): Promise<RabbitBroker> {
  const command = await findDebianProgram('rabbitmq-server', 'rabbitmq-server');
  // Debian's wrapper insists on a user of its own; the script behind it runs as whoever starts it.
  const script = findOnPath('rabbitmq-server', { PATH: '/usr/lib/rabbitmq/bin' }) ?? command;
  const epmdProgram = await findDebianProgram('epmd', 'erlang-base');
  const folder = await mkdtemp(join(tmpdir(), 'rabbitmq-'));
  const [port, distributionPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const env = await prepareNode(folder, { port, distributionPort, epmdPort });
  // A node starts an epmd that outlives it, unless there is one.
  const epmdArgs = ['-port', String(epmdPort), '-address', '127.0.0.1'];
  const epmd = await spawnServer({ command: epmdProgram, args: epmdArgs, log });
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  let server: ServerProcess | undefined;
  const signal = (name: NodeJS.Signals) => server !== undefined && kill(server.pid, name);
  const start = async () => {
    server = await spawnServer({ command: script, args: [], env, log });
    await eventually(() => canConnect(url), { timeoutMs: START_LIMIT_MS });
  };
  const end = async () => {
    signal('SIGKILL');
    await server?.exited;
    server = undefined;
  };
  await start();
  return {
    url,
    start,
    kill: end,
    freeze: async () => {
      signal('SIGSTOP');
      await eventually(() => server !== undefined && isStopped(server.pid));
    },
    thaw: () => signal('SIGCONT'),
    destroy: async () => {
      await end();
      await epmd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether each thread of a process has stopped: on a busy machine some run on for a moment after the signal. */
async function isStopped(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map((id) => readFile(`/proc/${pid}/task/${id}/stat`, 'utf8')));
  return stats.every((stat) => stat.slice(stat.lastIndexOf(')') + 2).startsWith('T'));
}

type Ports = Readonly<Record<'port' | 'distributionPort' | 'epmdPort', number>>;

/** Writes the node's files; returns the environment that it runs in. */
async function prepareNode(folder: string, { port, distributionPort, epmdPort }: Ports): Promise<NodeJS.ProcessEnv> {
  const cookie = join(folder, '.erlang.cookie');
  await writeFile(cookie, randomBytes(16).toString('hex'));
  await chmod(cookie, 0o400);
  await writeFile(join(folder, 'enabled_plugins'), '[].\n');
  const lines = [
    `listeners.tcp.local = 127.0.0.1:${port}`,
    'log.console.level = error',
    'disk_free_limit.absolute = 1MB',
  ];
  await writeFile(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  const { PATH } = process.env;
  return {
    PATH,
    HOME: folder,
    ERL_CRASH_DUMP: join(folder, 'erl_crash.dump'),
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_NODENAME: `order-saga-${port}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    // The script then becomes the node, so that a signal reaches it.
    RUNNING_UNDER_SYSTEMD: 'true',
    // One scheduler thread is enough for what tests send, and none need spin while nothing is sent.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +A 8 +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}

async function canConnect(url: string): Promise<boolean> {
  const connection = new Connection({ url, connectionTimeout: 1_000, retryLow: 50, retryHigh: 100 });
  connection.on('error', () => {});
  try {
    await connection.onConnect(1_000, true);
    return true;
  } finally {
    connection.unsafeDestroy();
  }
}
