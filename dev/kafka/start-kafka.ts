import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../local/free-port.ts';
import { runCommand } from '../local/run-command.ts';
import { kill, spawnServer, type LogLine, type ServerProcess } from '../local/server-process.ts';
import { useClassArchive } from './class-archive.ts';
import { findKafka } from './find-kafka.ts';
import { secureBroker } from './secure-broker.ts';

/** A broker that starts takes three seconds; the rest is for a busy machine. */
const START_LIMIT_MS = 60_000;

/** The broker writes to its disk for what it has in memory when it is told to stop; a test waits no longer. */
const STOP_LIMIT_MS = 15_000;

/** Enough for tests; without a bound Java takes a quarter of the machine, and as much CPU again to compile what runs for seconds. */
export const SMALL_JAVA = ['-Xms128m', '-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** One broker of Kafka with its data in a folder. */
export interface KafkaBroker {
  /** `host:port`, the same after each start. */
  readonly address: string;
  /** The settings with which the product reaches it. */
  readonly settings: Readonly<Record<string, string>>;
  /** A listener of its own without TLS and passwords, for those who look on. */
  readonly plainAddress: string;
  /** With `isSecured`: the settings of who shows a certificate instead of a password; else empty. */
  readonly certificateSettings: Readonly<Record<string, string>>;
  /** Where its controller listens, for brokers that join it. */
  readonly controllerAddress: string;
  /** Ends it at once, as a crash does; false when it wasn't running. */
  readonly kill: () => Promise<boolean>;
  /** Starts it again with the data that it has, after a kill or a stop. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Stops it in the middle, so that it takes connections and answers nothing, or lets it go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Runs one of Kafka's own tools, by the name of its class, and returns what it prints. */
  readonly tool: (name: string, args: readonly string[]) => Promise<string>;
}

/** How a broker is started. */
export interface KafkaOptions {
  /** An existing folder, which the caller deletes. */
  readonly folder: string;
  /** With TLS and a user with a password, and a second listener for those who show a certificate; see `secureBroker`. */
  readonly isSecured?: boolean;
  /** A broker whose cluster it joins as the second one; without one it is its own controller. */
  readonly joins?: Pick<KafkaBroker, 'controllerAddress'>;
  /** Properties beyond ours, as in server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Options of the broker's Java beyond ours. */
  readonly java?: readonly string[];
  readonly log?: LogLine;
}

/** Starts a broker of Apache Kafka in KRaft mode; rejects when Kafka can be found neither in our cache nor by a download. */
export async function startKafka({
  folder,
  isSecured = false,
  joins,
  properties = {},
  java: moreJava = [],
  log = () => undefined,
}: KafkaOptions): Promise<KafkaBroker> {
  const program = await findKafka({ progress: log });
  const [port, plainPort] = [await freePort(), await freePort()];
  const controllerAddress = joins?.controllerAddress ?? `127.0.0.1:${await freePort()}`;
  const secured = isSecured ? await secureBroker(folder, await freePort()) : undefined;
  const file = join(folder, 'server.properties');
  const listeners = { CLIENT: `127.0.0.1:${port}`, PLAIN: `127.0.0.1:${plainPort}`, ...secured?.listeners };
  const nodes = describeNode(listeners, controllerAddress, joins === undefined);
  const all = { ...nodes, ...describeBroker(folder), ...secured?.properties, ...properties };
  await mkdir(join(folder, 'data'));
  await writeFile(file, toLines(all));
  await writeFile(join(folder, 'log4j2.properties'), toLines(logging));
  const logConfig = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`;
  const java = [...SMALL_JAVA, ...useClassArchive(program), logConfig];
  const alone = joins === undefined ? ['--standalone'] : [];
  const format = ['format', ...alone, '--cluster-id', CLUSTER_ID, '--config', file, ...(secured?.users ?? [])];
  await runCommand(program, [...java, 'kafka.tools.StorageTool', ...format], { limitMs: START_LIMIT_MS });

  let server: ServerProcess | undefined;
  const start = async () => {
    const args = [...java, ...moreJava, 'kafka.Kafka', file];
    server = await spawnServer({ command: program, args, log, stopLimitMs: STOP_LIMIT_MS });
    await untilListening([port, plainPort], server);
  };
  const stop = async () => {
    await server?.stop();
    server = undefined;
  };
  const signal = (name: NodeJS.Signals) => server !== undefined && kill(server.pid, name);
  await start();
  const address = `127.0.0.1:${port}`;
  return {
    address,
    settings: { KAFKA_BROKERS: address, ...secured?.settings },
    plainAddress: `127.0.0.1:${plainPort}`,
    certificateSettings: secured?.certificateSettings ?? {},
    controllerAddress,
    start,
    stop,
    kill: async () => {
      const wasRunning = signal('SIGKILL');
      await server?.exited;
      server = undefined;
      return wasRunning;
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    tool: (name, args) => {
      const whole = [...java, name, '--bootstrap-server', `127.0.0.1:${plainPort}`, ...args];
      return runCommand(program, whole, { limitMs: START_LIMIT_MS });
    },
  };
}

const CLUSTER_ID = 'b3JkZXItc2FnYS10ZXN0cw';

/** Who a broker is among those of its cluster, and where it listens. */
function describeNode(
  addresses: Readonly<Record<string, string>>,
  controllerAddress: string,
  isController: boolean,
): Record<string, string> {
  const listeners = Object.entries(addresses).map(([name, address]) => `${name}://${address}`);
  const own = isController ? [`CONTROLLER://${controllerAddress}`] : [];
  return {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': isController ? '1' : '2',
    'controller.quorum.bootstrap.servers': controllerAddress,
    'controller.listener.names': 'CONTROLLER',
    listeners: [...listeners, ...own].join(','),
    'advertised.listeners': listeners.join(','),
    'inter.broker.listener.name': 'PLAIN',
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}

function describeBroker(folder: string): Record<string, string> {
  return {
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // So that one that was killed is not waited for when it is back.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
  };
}

/** Warnings and errors of the broker, on its output. */
const logging = {
  'appender.console.type': 'Console',
  'appender.console.name': 'console',
  'appender.console.layout.type': 'PatternLayout',
  'appender.console.layout.pattern': '%d %p %m (%c)%n',
  'rootLogger.level': 'warn',
  'rootLogger.appenderRef.console.ref': 'console',
};

function toLines(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function untilListening(ports: readonly number[], server: ServerProcess): Promise<void> {
  const ended = server.exited.then(() => true);
  const deadline = Date.now() + START_LIMIT_MS;
  for (const port of ports) {
    while (!(await canConnect(port))) {
      if (await Promise.race([ended, delay(50, false)])) throw new Error('Kafka ended while it started');
      if (Date.now() > deadline) throw new Error(`Kafka was not ready within ${START_LIMIT_MS / 1000} s`);
    }
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
