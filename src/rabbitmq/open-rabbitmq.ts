import { Connection, type Publisher } from 'rabbitmq-client';
import type { Logger } from '../logger.ts';
import { declareTopology, topologyOf, type Topology } from './topology.ts';

/** A message that is published: it is kept on disk by the broker, and known by its id. */
export interface PublishedMessage {
  /** An exchange, or the default one. */
  readonly exchange?: string;
  readonly routingKey: string;
  readonly messageId: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body: unknown;
}

/** A broker that may be away: it is connected to again for as long as it takes. */
export interface Rabbit {
  readonly connection: Connection;
  readonly topology: Topology;
  /**
   * Resolves when the broker has confirmed that it keeps the message. Rejects with {@link PublishError} when it has not within the limit: the message may have arrived
   * then, and is published again under the same id.
   */
  readonly publish: (message: PublishedMessage) => Promise<void>;
  readonly isConnected: () => boolean;
  readonly close: () => Promise<void>;
}

/** A message that the broker has not confirmed; `isSent`: it may have arrived nevertheless. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly isSent: boolean;

  constructor(message: string, isSent: boolean, cause?: unknown) {
    super(message, { cause });
    this.isSent = isSent;
  }
}

/** How long a broker may take to confirm. Below the limit of a local activity. */
const CONFIRM_LIMIT_MS = 1_500;

const CONNECT_LIMIT_MS = 5_000;

/** A broker that has vanished silently is noticed after two of these. */
const HEARTBEAT_S = 10;

/** How long is waited between attempts to connect. */
const RECONNECT_MS = { retryLow: 250, retryHigh: 5_000 };

/** How a broker is opened. */
export interface RabbitOptions {
  readonly url: string;
  readonly queue: string;
  readonly retryDelaysMs: readonly number[];
  /** What the broker shows. */
  readonly name: string;
}

/** Connects to a broker without waiting for it, and declares the queues. That it is away, or back, is logged once each time. */
export function openRabbit({ url, queue, retryDelaysMs, name }: RabbitOptions, logger: Logger): Rabbit {
  const connection = new Connection({
    url,
    connectionName: name,
    acquireTimeout: CONFIRM_LIMIT_MS,
    connectionTimeout: CONNECT_LIMIT_MS,
    heartbeat: HEARTBEAT_S,
    ...RECONNECT_MS,
  });
  logAvailability(connection, logger);
  const topology = topologyOf(queue);
  const publisher = connection.createPublisher({ confirm: true, ...declareTopology(topology, retryDelaysMs) });
  const returned = new Set<string>();
  publisher.on('basic.return', ({ messageId }) => {
    if (messageId !== undefined) returned.add(messageId);
  });
  return {
    connection,
    topology,
    publish: async (message) => {
      const wasReady = connection.ready;
      await confirm(publisher, message, wasReady);
      // Comes before the confirmation of a message that found no queue.
      if (returned.delete(message.messageId)) throw new PublishError('RabbitMQ has no queue for the message', false);
    },
    isConnected: () => connection.ready,
    close: async () => {
      await publisher.close().catch(() => {});
      await connection.close();
    },
  };
}

async function confirm(
  publisher: Publisher,
  { body, headers, ...message }: PublishedMessage,
  wasReady: boolean,
): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new PublishError('RabbitMQ has not confirmed in time', true));
  }, CONFIRM_LIMIT_MS);
  const envelope = { ...message, headers: { ...headers }, durable: true, mandatory: true };
  const confirmed = publisher.send(envelope, body);
  try {
    await Promise.race([confirmed, tooLate]);
  } catch (error) {
    if (error instanceof PublishError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PublishError(`RabbitMQ did not take the message: ${reason}`, wasReady, error);
  } finally {
    clearTimeout(timer);
    confirmed.catch(() => {});
  }
}

function logAvailability(connection: Connection, logger: Logger): void {
  let isAway = false;
  connection.on('error', (error: unknown) => {
    if (!isAway) logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'RabbitMQ is away');
    isAway = true;
  });
  connection.on('connection', () => {
    logger.info(isAway ? 'RabbitMQ is back' : 'RabbitMQ is connected');
    isAway = false;
  });
  connection.on('connection.blocked', (reason) => {
    logger.warn({ reason }, 'RabbitMQ takes no messages at the moment');
  });
}
