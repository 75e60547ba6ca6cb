import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../local/free-port.ts';
import { runCommand } from '../local/run-command.ts';
import { kill, spawnServer, type LogLine, type ServerProcess } from '../local/server-process.ts';
import { createCertificates } from './certificates.ts';
import { findKafka } from './find-kafka.ts';

/** A broker that starts takes three seconds; the rest is for a busy machine. */
const START_LIMIT_MS = 60_000;

/** The broker writes to its disk for what it has in memory when it is told to stop; a test waits no longer. */
const STOP_LIMIT_MS = 15_000;

/** Enough for tests and benches; without a bound Java takes a quarter of the machine. */
const HEAP = ['-Xms128m', '-Xmx320m', '-XX:+UseSerialGC'];

/** One broker of Kafka, which is its own controller, with its data in a folder. */
export interface KafkaBroker {
  /** `host:port`, the same after each start. */
  readonly address: string;
  /** The settings with which the product reaches it. */
  readonly settings: Readonly<Record<string, string>>;
  /** A listener of its own without TLS and passwords, for those who look on. */
  readonly plainAddress: string;
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
  /** With TLS, and a user whose password is checked by SCRAM-SHA-512. */
  readonly isSecured?: boolean;
  /** Properties beyond ours, as in server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly log?: LogLine;
}

/** Starts a broker of Apache Kafka in KRaft mode; rejects when Kafka can be found neither in our cache nor by a download. */
export async function startKafka({
  folder,
  isSecured = false,
  properties = {},
  log = () => undefined,
}: KafkaOptions): Promise<KafkaBroker> {
  const program = await findKafka({ progress: log });
  const [port, plainPort, controllerPort] = [await freePort(), await freePort(), await freePort()];
  const ports = { port, plainPort, controllerPort };
  const secured = isSecured ? await secure(folder) : undefined;
  const file = join(folder, 'server.properties');
  const all = { ...describeBroker(folder, ports, isSecured), ...secured?.properties, ...properties };
  await mkdir(join(folder, 'data'));
  await writeFile(file, toLines(all));
  await writeFile(join(folder, 'log4j2.properties'), toLines(logging));
  const java = [...HEAP, `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`];
  const format = ['format', '--standalone', '--cluster-id', CLUSTER_ID, '--config', file, ...(secured?.users ?? [])];
  await runCommand(program, [...java, 'kafka.tools.StorageTool', ...format], { limitMs: START_LIMIT_MS });

  let server: ServerProcess | undefined;
  const start = async () => {
    const args = [...java, 'kafka.Kafka', file];
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

const USER = 'orders';

function describeBroker(
  folder: string,
  { port, plainPort, controllerPort }: Readonly<Record<'port' | 'plainPort' | 'controllerPort', number>>,
  isSecured: boolean,
): Record<string, string> {
  const listeners = `CLIENT://127.0.0.1:${port},PLAIN://127.0.0.1:${plainPort}`;
  const protocol = isSecured ? 'SASL_SSL' : 'PLAINTEXT';
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${listeners},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': listeners,
    'inter.broker.listener.name': 'PLAIN',
    'listener.security.protocol.map': `CLIENT:${protocol},PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT`,
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

/** What a broker needs for TLS and a user with a password, and what the product needs to reach it. */
async function secure(folder: string) {
  const password = randomBytes(18).toString('base64url');
  const { caFile, serverFile } = await createCertificates(folder);
  return {
    users: ['--add-scram', `SCRAM-SHA-512=[name=${USER},password=${password}]`],
    properties: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': serverFile,
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.client.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    },
    settings: {
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA_FILE: caFile,
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: USER,
      KAFKA_SASL_PASSWORD: password,
    },
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
