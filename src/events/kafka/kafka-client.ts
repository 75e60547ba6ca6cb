import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { BaseOptions, ConnectionPool } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';

/** A broker that takes longer to accept a connection, TLS and login included, counts as away. */
const CONNECT_TIMEOUT_MS = 5_000;

/** A broker that takes longer to answer counts as away. */
const REQUEST_TIMEOUT_MS = 15_000;

/** How long a broker may wait for its replicas before it answers. */
const REPLICA_TIMEOUT_MS = 10_000;

/** Bridges a change of leader; what takes longer is tried again by whoever calls. The producer takes fewer than two for "without end". */
const RETRIES = 3;
const RETRY_DELAY_MS = 300;

/** What every client of the library needs to reach the brokers. Certificates are read each time, so that renewed ones are used by the next client. */
export async function readClientOptions(kafka: KafkaConfig): Promise<BaseOptions> {
  const { brokers, clientId, tls, login } = kafka;
  const [ca, cert, key] = await Promise.all([tls?.caFile, tls?.certFile, tls?.keyFile].map(readOptional));
  return {
    bootstrapBrokers: [...brokers],
    clientId,
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    timeout: REPLICA_TIMEOUT_MS,
    retries: RETRIES,
    retryDelay: RETRY_DELAY_MS,
    autocreateTopics: false,
    ...(tls && { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } }),
    // Brokers behind one address are told apart by the name that is asked for; an IP address is no such name.
    ...(tls && { tlsServerName: !brokers.some((broker) => isIP(broker.replace(/:\d+$/, '')) !== 0) }),
    ...(login && { sasl: { ...login } }),
  };
}

/** Keeps the loss of a connection from ending the process: the library reports one by several events, and throws where nobody listens any more. */
export function tolerateLostConnections<Client extends { readonly connections: ConnectionPool }>(
  client: Client,
): Client {
  client.connections.on('connecting', ({ connection }) => {
    connection?.on('error', () => undefined);
  });
  return client;
}

/** Says in one line why a call failed: the reasons at the bottom of what the library reports, each once. */
export function describeKafkaError(error: unknown): string {
  return [...new Set(listReasons(error))].join('; ');
}

function listReasons(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (error instanceof AggregateError) return error.errors.flatMap(listReasons);
  const own = messageOf(error);
  if (error.cause === undefined) return [own];
  return listReasons(error.cause).map((reason) =>
    own.includes(reason) ? own : `${own.replace(/\.$/, '')}: ${reason}`,
  );
}

/** The broker's own words where it gives any, such as which login it refused. */
function messageOf(error: Error): string {
  const said = 'serverErrorMessage' in error ? error.serverErrorMessage : undefined;
  return typeof said === 'string' && said !== '' ? said : error.message;
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await readFile(path, 'utf8');
}
