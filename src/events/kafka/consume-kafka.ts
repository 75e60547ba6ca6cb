import { setTimeout as delay } from 'node:timers/promises';
import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes, type MessagesStream } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import type { InboundChannel } from '../catalogue/inbound-events.ts';
import type { BrokerMessage } from '../consume/keep-received.ts';
import { type ConsumedMessage, readCloudEvent } from './cloud-event-message.ts';
import { createMissingTopics } from './create-topics.ts';
import { describeKafkaError, readClientOptions, tolerateLostConnections } from './kafka-client.ts';

/** Messages between two commits: enough that a busy topic's messages share a transaction, few enough to be received again after a crash. */
const BATCH = 256;

/** How soon the group notices that a process has died; brokers allow no less than 6 s. */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 2_000;

/** How long a member may take to join again after another one has come or gone. */
const REBALANCE_TIMEOUT_MS = 15_000;

/** How long a broker waits for the first message of an answer; it bounds how long a stop may find a request under way. */
const LONGEST_WAIT_MS = 1_000;

/** Pauses before another attempt, when Kafka or the database is away: the first, and the longest. */
const RETRY_MS = { first: 500, longest: 15_000 };

/** How often topics that don't exist yet are looked for. */
const MISSING_TOPICS_MS = 60_000;

/** A process that stops leaves its group within this time, or the broker notices later that it has gone. */
const CLOSE_LIMIT_MS = 3_000;

/** A stop waits no longer for messages under way, whose offsets are not committed then: another process receives them again. */
const STOP_LIMIT_MS = 6_000;

type Bytes = Buffer | undefined;
type Stream = MessagesStream<Bytes, Bytes, Bytes, Bytes>;
type BufferConsumer = Consumer<Bytes, Bytes, Bytes, Bytes>;

/** Keeps messages for good, each once however often it comes. Rejects when they may not be kept: the same ones are handed over again. */
export type ReceiveMessages = (messages: readonly BrokerMessage[]) => Promise<void>;

/** A consumer at work. */
export interface KafkaConsumer {
  /** Finishes the messages under way, commits them and leaves the group. */
  readonly stop: () => Promise<void>;
}

/**
 * Hands every message of the topics to `receive`, at least once: a message's offset is committed after it was received. While the brokers or the
 * database are away it keeps trying. Any number of processes share the work, each partition being one's at a time.
 */
export function startKafkaConsumer(kafka: KafkaConfig, receive: ReceiveMessages, logger: Logger): KafkaConsumer {
  const stopping = new AbortController();
  const work = async () => {
    let pauseMs = RETRY_MS.first;
    let isAway = false;
    let missingBefore = '';
    const onMissing = (topics: readonly string[]) => {
      if (topics.join() !== missingBefore)
        logger.warn({ topics }, 'topics that do not exist are not consumed until they do');
      missingBefore = topics.join();
    };
    const onConsuming = () => {
      if (isAway) logger.info('Kafka is consumed again');
      [isAway, pauseMs] = [false, RETRY_MS.first];
    };
    while (!stopping.signal.aborted) {
      try {
        await consumeUntilLost({ kafka, receive, logger, signal: stopping.signal, onMissing, onConsuming });
      } catch (error) {
        const reason = describeKafkaError(error);
        if (!isAway) logger.warn({ reason }, 'Kafka is not consumed; it is tried again until it is');
        else logger.debug({ reason }, 'Kafka is still not consumed');
        isAway = true;
      }
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, RETRY_MS.longest);
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await Promise.race([done, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    },
  };
}

interface Consuming {
  readonly kafka: KafkaConfig;
  readonly receive: ReceiveMessages;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onMissing: (topics: readonly string[]) => void;
  /** Called when messages can be read. */
  readonly onConsuming: () => void;
}

/** Consumes until it is told to stop, or topics have appeared; rejects when brokers or the group are lost. */
async function consumeUntilLost({ kafka, receive, logger, signal, ...tell }: Consuming): Promise<void> {
  const channels = channelsByTopic(kafka);
  const wanted = [...channels.keys()];
  const topics = await createMissingTopics(kafka, wanted, logger);
  const missing = wanted.filter((topic) => !topics.includes(topic));
  if (missing.length > 0) tell.onMissing(missing);
  const lookAgain = missing.length > 0 ? [AbortSignal.timeout(MISSING_TOPICS_MS)] : [];
  const ending = AbortSignal.any([signal, ...lookAgain]);
  if (topics.length === 0) {
    await untilAborted(ending);
    return;
  }
  const consumer = tolerateLostConnections(
    new Consumer<Bytes, Bytes, Bytes, Bytes>({
      ...(await readClientOptions(kafka)),
      groupId: kafka.consumer.group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTime: LONGEST_WAIT_MS,
    }),
  );
  try {
    const stream = tolerateLostConnections(
      await consumer.consume({
        topics,
        autocommit: false,
        mode: MessagesStreamModes.COMMITTED,
        fallbackMode: MessagesStreamFallbackModes.EARLIEST,
        highWaterMark: 2 * BATCH,
      }),
    );
    const endWith = (error?: Error) => stream.destroy(error);
    consumer.on('error', endWith);
    consumer.on('consumer:heartbeat:stalled', ({ lastError }) => endWith(lastError ?? new Error('no heartbeat')));
    ending.addEventListener('abort', () => endWith());
    if (ending.aborted) return;
    tell.onConsuming();
    await receiveAll(stream, consumer, { channels, receive, logger, signal: ending });
  } finally {
    await Promise.race([consumer.close(true).catch(() => undefined), delay(CLOSE_LIMIT_MS, undefined, { ref: false })]);
  }
}

interface Receiving extends Pick<Consuming, 'receive' | 'logger' | 'signal'> {
  readonly channels: ReadonlyMap<string, InboundChannel>;
}

async function receiveAll(stream: Stream, consumer: BufferConsumer, receiving: Receiving): Promise<void> {
  let batch: (ConsumedMessage & { readonly leaderEpoch: number })[] = [];
  try {
    for await (const message of stream) {
      batch.push(message);
      if (batch.length < BATCH && stream.readableLength > 0) continue;
      if (!(await receiveBatch(batch, receiving))) return;
      await consumer.commit({ offsets: lastOffsets(batch) });
      batch = [];
    }
  } catch (error) {
    if (!receiving.signal.aborted) throw error;
  }
}

/** Whether the messages were received; tries until they were, or until it is told to stop. */
async function receiveBatch(
  batch: readonly ConsumedMessage[],
  { channels, receive, logger, signal }: Receiving,
): Promise<boolean> {
  const messages = batch.flatMap((message) => {
    const channel = channels.get(message.topic);
    return channel === undefined ? [] : [readCloudEvent(message, channel)];
  });
  for (let pauseMs = RETRY_MS.first; ; pauseMs = Math.min(2 * pauseMs, RETRY_MS.longest)) {
    try {
      await receive(messages);
      return true;
    } catch (error) {
      const fields = { err: error, first: messages[0]?.place, count: messages.length };
      if (pauseMs === RETRY_MS.first) logger.warn(fields, 'messages not received; they are tried again');
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
    }
  }
}

function channelsByTopic({ consumer }: KafkaConfig): ReadonlyMap<string, InboundChannel> {
  const channels = Object.entries(consumer.topics) as [InboundChannel, string | undefined][];
  return new Map(channels.flatMap(([channel, topic]) => (topic === undefined ? [] : [[topic, channel] as const])));
}

/** The offsets from which another process goes on. */
function lastOffsets(batch: readonly (ConsumedMessage & { readonly leaderEpoch: number })[]) {
  const last = new Map(batch.map((message) => [`${message.topic} ${message.partition}`, message]));
  return [...last.values()].map(({ topic, partition, offset, leaderEpoch }) => {
    return { topic, partition, offset: offset + 1n, leaderEpoch };
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
