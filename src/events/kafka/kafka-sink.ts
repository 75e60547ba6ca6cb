import {
  compatibilityPartitioner,
  findErrorBy,
  type MessageToProduce,
  Producer,
  type ProducerOptions,
} from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import type { Logger } from '../../logger.ts';
import { aboutOrder, isTracing, recordSpan } from '../../tracing/trace.ts';
import type { DeliveryReport, EventSink } from '../event-sink.ts';
import { createMissingTopics } from './create-topics.ts';
import { describeKafkaError, readClientOptions, tolerateLostConnections } from './kafka-client.ts';
import { toMessage, topicOf } from './event-message.ts';

/** Bounds a request: a broker refuses a batch of more than 1 MB unless it is told otherwise. A larger event is sent by itself. */
const REQUEST_BYTES = 512 * 1024;

/** A delivery that takes longer has failed: the broker counts as away. */
const DELIVERY_LIMIT_MS = 15_000;

/** A connection that does not close within this time is left to the broker's end. */
const CLOSE_LIMIT_MS = 1_000;

/** A message and the event that it carries. */
interface Outgoing {
  readonly event: OrderEvent;
  readonly message: MessageToProduce;
}

/**
 * Publishes events to Kafka, acknowledged by all replicas in sync, each with its subject as its key. One request is under way at a time and
 * the next follows when it was acknowledged; after a failure everything is sent again from the first event, by a new producer. So the first copies
 * of an order's events always stand in their order, whatever was lost in between. Rejects when topics are missing and can't be created.
 */
export async function openKafkaSink(kafka: KafkaConfig, logger?: Logger): Promise<EventSink> {
  const producer = await openProducer(kafka, logger);
  return {
    name: 'kafka',
    deliver: async (events) => {
      const outgoing = events.flatMap((event) => {
        const topic = topicOf(event.type, kafka.topics);
        return topic === undefined ? [] : [{ event, message: toMessage(event, topic) }];
      });
      return await withinLimit(DELIVERY_LIMIT_MS, sendAll(producer, outgoing)).catch(explain);
    },
    close: async () => {
      await withinLimit(CLOSE_LIMIT_MS, producer.close(true)).catch(() => undefined);
    },
  };
}

async function openProducer(kafka: KafkaConfig, logger?: Logger): Promise<Producer> {
  if (kafka.newTopics !== undefined) {
    await createMissingTopics(kafka, Object.values(kafka.topics), logger).catch(explain);
  }
  // The partitioner of Kafka's own clients, so that a consumer finds an order in the same partition as they would.
  const options: ProducerOptions<Buffer, Buffer, Buffer, Buffer> = {
    ...(await readClientOptions(kafka)),
    idempotent: true,
    partitioner: compatibilityPartitioner,
  };
  return tolerateLostConnections(new Producer(options));
}

/** Fails with the reason alone: the library's errors hold whole requests. */
function explain(error: unknown): never {
  throw new Error(describeKafkaError(error));
}

async function sendAll(producer: Producer, outgoing: readonly Outgoing[]): Promise<DeliveryReport> {
  const reasons = new Map<string, DeliveryReport['rejected'][number]>();
  for (const request of divide(outgoing)) await sendRequest(producer, request, reasons);
  return { rejected: [...reasons.values()] };
}

/** Sends what follows no rejected event of the same subject; halves a request that is refused until the event is found that is. */
async function sendRequest(
  producer: Producer,
  request: readonly Outgoing[],
  rejected: Map<string, DeliveryReport['rejected'][number]>,
): Promise<void> {
  const due = request.filter(({ event }) => !rejected.has(event.subjectId));
  const [first] = due;
  if (first === undefined) return;
  try {
    // The producer sets fields of what it is given. Idempotence is said here as well: without it a failure would leave a gap in its numbers.
    const startedAtMs = Date.now();
    await producer.send({ messages: due.map(({ message }) => ({ ...message })), idempotent: true });
    if (isTracing()) for (const one of due) recordSent(one, startedAtMs);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (due.length === 1) {
      rejected.set(first.event.subjectId, { id: first.event.id, reason: describeKafkaError(error) });
      return;
    }
    const middle = Math.ceil(due.length / 2);
    await sendRequest(producer, due.slice(0, middle), rejected);
    await sendRequest(producer, due.slice(middle), rejected);
  }
}

/** The event is in its order's trace, with the request that it was sent in. */
function recordSent({ event, message }: Outgoing, startedAtMs: number): void {
  recordSpan({
    name: `publish ${event.type}`,
    kind: 'producer',
    parent: event.traceparent,
    attributes: {
      'messaging.system': 'kafka',
      'messaging.destination.name': message.topic,
      'messaging.message.id': event.id,
      ...aboutOrder(event.subjectId),
    },
    startedAtMs,
    endedAtMs: Date.now(),
  });
}

/** What a broker says of a message by itself, and would say again. */
const refusals = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
];

function isRefusal(error: unknown): boolean {
  return error instanceof Error && refusals.some((id) => findErrorBy(error, 'apiId', id) !== null);
}

function* divide(outgoing: readonly Outgoing[]): Generator<Outgoing[]> {
  let request: Outgoing[] = [];
  let bytes = 0;
  for (const one of outgoing) {
    const size = one.message.value?.length ?? 0;
    if (request.length > 0 && bytes + size > REQUEST_BYTES) {
      yield request;
      [request, bytes] = [[], 0];
    }
    request.push(one);
    bytes += size;
  }
  if (request.length > 0) yield request;
}

async function withinLimit<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${limitMs / 1_000} s`)), limitMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
