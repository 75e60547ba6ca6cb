import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { firstIdsByKey, readTopic } from '../../../dev/kafka/read-topic.ts';
import { readConfig } from '../../../src/config.ts';
import { saslMechanisms } from '../../../src/config/kafka-settings.ts';
import type { OrderEvent } from '../../../src/domain/order-event.ts';
import type { EventSink } from '../../../src/events/event-sink.ts';
import { openKafkaSink } from '../../../src/events/kafka/kafka-sink.ts';
import { openLazily, SinkAwayError } from '../../../src/events/lazy-sink.ts';
import { useTracer, type PastSpan } from '../../../src/tracing/trace.ts';
import { captureLog } from '../../setup/captured-log.ts';
import { eventually } from '../../setup/eventually.ts';
import { requiredSettings } from '../../setup/settings.ts';
import { startTestKafka, type TestKafka } from '../setup/start-kafka.ts';

const log = captureLog();
let broker: TestKafka;
let sink: EventSink;

beforeAll(async () => {
  broker = await startTestKafka();
}, 300_000);
afterAll(() => broker.destroy());
afterEach(() => sink.close());

/** A sink with topics of its own, so that tests don't read each other's messages. */
function open(settings: Readonly<Record<string, string>> = {}, to = broker) {
  const name = randomBytes(4).toString('hex');
  const topics = { KAFKA_ORDERS_TOPIC: `orders-${name}`, KAFKA_PAYMENTS_TOPIC: `payments-${name}` };
  const { kafka } = readConfig({ ...requiredSettings, ...to.settings, ...topics, ...settings });
  if (kafka === undefined) throw new Error('KAFKA_BROKERS is not set');
  sink = openLazily({ name: 'kafka', active: 'configured', open: () => openKafkaSink(kafka, log.logger) });
  return kafka.topics;
}

let lastId = 0;

function event(subjectId: string, more: Partial<OrderEvent> = {}): OrderEvent {
  lastId += 1;
  return { id: lastId, subjectId, type: 'order.confirmed', payload: { n: lastId }, createdAt: new Date(), ...more };
}

/** So many events of so many orders, in turn. */
function eventsInTurn(orders: number, count: number): OrderEvent[] {
  const ids = Array.from({ length: orders }, () => uuidv7());
  return Array.from({ length: count }, () => ids.map((id) => event(id))).flat();
}

/** Delivers as the publisher does: a topic that was just made may have no leader yet. Fails with why the sink is away, if it stays so. */
function deliver(events: readonly OrderEvent[], timeoutMs = 60_000) {
  return eventually(() => sink.deliver(events).catch(tellReason), { timeoutMs });
}

function tellReason(error: unknown): never {
  throw error instanceof SinkAwayError ? new Error(`${error.message}: ${error.reason}`, { cause: error }) : error;
}

/** Delivers an event; returns its id, and those that are read at the listener that asks for nothing. */
async function deliverOne({ orders }: { readonly orders: string }, to: TestKafka) {
  const told = event(uuidv7());
  await deliver([told]);
  const received = await readTopic(to.plainAddress, orders);
  return { told: String(told.id), received: received.map(({ headers }) => headers['ce_id']) };
}

const withoutLogin = { KAFKA_SASL_MECHANISM: '', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD: '' };

/** Why a sink is away, as it is told. */
async function reasonOf(delivery: Promise<unknown>): Promise<string> {
  try {
    await delivery;
  } catch (error) {
    if (error instanceof SinkAwayError) return error.reason;
    throw error;
  }
  return '';
}

describe('a message', () => {
  beforeEach(() => log.clear());

  test('is a CloudEvent in binary mode whose key is the order', async () => {
    const topics = open();
    const orderId = uuidv7();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const createdAt = new Date('2026-11-26T10:00:00.123Z');
    const told = event(orderId, { payload: { order_id: orderId, total: '12.50' }, createdAt, traceparent });
    expect(await deliver([told])).toEqual({ rejected: [] });
    const [message] = await readTopic(broker.address, topics.orders);
    expect(message).toMatchObject({ key: orderId, value: JSON.stringify({ order_id: orderId, total: '12.50' }) });
    expect(message?.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: String(told.id),
      ce_source: '/orders',
      ce_type: 'order.confirmed',
      ce_subject: orderId,
      ce_time: '2026-11-26T10:00:00.123Z',
      'content-type': 'application/json',
      ce_traceparent: traceparent,
      traceparent,
    });
  });

  test('is a span of the trace that its event came with', async () => {
    const topics = open();
    const spans: PastSpan[] = [];
    useTracer({
      inSpan: (_start, work) => work(() => undefined),
      recordSpan: (span) => spans.push(span),
      activeTraceparent: () => undefined,
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const told = event(uuidv7(), { traceparent });
    await deliver([told]).finally(() => useTracer(undefined));
    expect(spans).toMatchObject([{ name: 'publish order.confirmed', kind: 'producer', parent: traceparent }]);
    expect(spans[0]?.attributes).toMatchObject({
      'messaging.destination.name': topics.orders,
      'messaging.message.id': told.id,
      'order_saga.order_id': told.subjectId,
    });
  });

  test('goes to the topic of its type, and none to any when Kafka gets no events of it', async () => {
    const topics = open();
    const orderId = uuidv7();
    const payment = event(orderId, { type: 'payment.processed' });
    const disabled = event(uuidv7(), { type: 'webhook_endpoint.disabled' });
    expect(await deliver([event(orderId), payment, disabled])).toEqual({ rejected: [] });
    expect((await readTopic(broker.address, topics.orders)).map(({ key }) => key)).toEqual([orderId]);
    const payments = await readTopic(broker.address, topics.payments);
    expect(payments.map(({ headers }) => headers['ce_id'])).toEqual([String(payment.id)]);
  });

  test('stands in the partition where clients of Kafka put its key, in the order of its events', async () => {
    const topics = open({ KAFKA_TOPIC_PARTITIONS: '5' });
    const events = eventsInTurn(40, 20);
    expect(await deliver(events)).toEqual({ rejected: [] });
    const messages = await readTopic(broker.address, topics.orders);
    expect(messages.length).toBe(events.length);
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(5);
    const expected = Map.groupBy(events, ({ subjectId }) => subjectId);
    for (const [key, ids] of firstIdsByKey(messages)) expect(ids).toEqual(expected.get(key)?.map(({ id }) => id));
  });
});

describe('a topic that does not exist', () => {
  test('is created with the partitions, copies and retention of the settings', async () => {
    const topics = open({ KAFKA_TOPIC_PARTITIONS: '3', KAFKA_TOPIC_REPLICATION: '1', KAFKA_TOPIC_RETENTION: '2d' });
    await deliver([event(uuidv7())]);
    const described = await broker.tool('org.apache.kafka.tools.TopicCommand', [
      '--describe',
      '--topic',
      topics.orders,
    ]);
    expect(described).toMatch(/PartitionCount: 3\s+ReplicationFactor: 1\s+Configs:.*retention\.ms=172800000/);
  });

  test('is waited for where the settings forbid to create it, and the reason is told', async () => {
    const topics = open({ KAFKA_CREATE_TOPICS: 'false' });
    const told = event(uuidv7());
    expect(await reasonOf(sink.deliver([told]))).toBe(`Unknown topic ${topics.orders}.`);
    await broker.tool('org.apache.kafka.tools.TopicCommand', ['--create', '--topic', topics.orders]);
    await deliver([told]);
    expect((await readTopic(broker.address, topics.orders)).map(({ headers }) => headers['ce_id'])).toEqual([
      String(told.id),
    ]);
  });
});

describe('an event that the broker refuses', () => {
  test('is rejected with the reason, nothing of its order is delivered after it, and all others are', async () => {
    const topics = open();
    const [first, second] = [uuidv7(), uuidv7()];
    const large = event(first, { payload: { text: 'x'.repeat(1_100_000) } });
    const behind = event(first);
    const others = [event(second), event(second)];
    const before = event(first, { id: large.id - 0.5 });
    const { rejected } = await deliver([before, large, ...others, behind]);
    expect(rejected).toEqual([{ id: large.id, reason: expect.stringMatching(/larger than the max|too large/i) }]);
    const received = firstIdsByKey(await readTopic(broker.address, topics.orders));
    expect(received.get(first)).toEqual([before.id]);
    expect(received.get(second)).toEqual(others.map(({ id }) => id));
  });

  test('is found by halves in a topic that takes less than a whole request', async () => {
    const topics = open({ KAFKA_TOPIC_PARTITIONS: '1' });
    await deliver([event(uuidv7())]);
    const limit = ['--alter', '--entity-type', 'topics', '--entity-name', topics.orders];
    await broker.tool('kafka.admin.ConfigCommand', [...limit, '--add-config', 'max.message.bytes=10000']);
    const events = Array.from({ length: 40 }, (_, n) =>
      event(uuidv7(), { payload: { text: 'x'.repeat(n === 17 ? 12_000 : 1_000) } }),
    );
    const { rejected } = await deliver(events);
    expect(rejected.map(({ id }) => id)).toEqual([events[17]?.id]);
    const received = await readTopic(broker.address, topics.orders);
    expect(new Set(received.map(({ key }) => key)).size).toBe(40);
  });
});

describe('a broker that is away', () => {
  test('is told as such at once, and what it has missed is delivered when it is back', async () => {
    const topics = open();
    const orderId = uuidv7();
    await deliver([event(orderId)]);
    await broker.kill();
    const missed = [event(orderId), event(orderId)];
    const startedAt = Date.now();
    expect(await reasonOf(sink.deliver(missed))).toMatch(/ECONNREFUSED|Connection closed/);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    await broker.start();
    await deliver(missed);
    const ids = firstIdsByKey(await readTopic(broker.address, topics.orders)).get(orderId);
    expect(ids?.slice(1)).toEqual(missed.map(({ id }) => id));
  });

  test('and answers nothing is away after half a minute at most', { timeout: 120_000 }, async () => {
    open();
    const orderId = uuidv7();
    await deliver([event(orderId)]);
    broker.freeze();
    // It takes a moment until all of it stands still.
    await eventually(async () => expect(await reasonOf(sink.deliver([event(orderId)]))).toMatch(/./));
    broker.thaw();
    await deliver([event(orderId)]);
  });

  test(
    'in the middle of a delivery, again and again, mixes up the events of no order',
    { timeout: 240_000 },
    async () => {
      const topics = open();
      const events = eventsInTurn(50, 120);
      const deliverAll = async () => {
        for (let from = 0; from < events.length; from += 500) {
          await deliver(events.slice(from, from + 500), 120_000);
        }
      };
      const delivering = deliverAll();
      for (let n = 0; n < 3; n += 1) {
        await broker.kill();
        await broker.start();
      }
      await delivering;
      const expected = Map.groupBy(events, ({ subjectId }) => subjectId);
      const received = firstIdsByKey(await readTopic(broker.address, topics.orders));
      expect(received.size).toBe(expected.size);
      for (const [key, ids] of received) expect(ids).toEqual(expected.get(key)?.map(({ id }) => id));
    },
  );
});

describe('of two brokers', () => {
  let second: TestKafka;
  beforeAll(async () => {
    second = await startTestKafka({ joins: broker });
  }, 120_000);
  afterAll(() => second.destroy());

  test('the other one gets the events while one is away, in the order of each order, and so does a sink that starts then', async () => {
    const brokers = { KAFKA_BROKERS: `${second.address}, ${broker.address}`, KAFKA_TOPIC_REPLICATION: '2' };
    const topics = open(brokers);
    const events = eventsInTurn(20, 3);
    await deliver(events.slice(0, 20));
    await second.kill();
    await deliver(events.slice(20, 40));
    await sink.close();
    open({ ...brokers, KAFKA_ORDERS_TOPIC: topics.orders, KAFKA_PAYMENTS_TOPIC: topics.payments });
    await deliver(events.slice(40));
    const expected = Map.groupBy(events, ({ subjectId }) => subjectId);
    const received = firstIdsByKey(await readTopic(broker.address, topics.orders));
    expect(received.size).toBe(expected.size);
    for (const [key, ids] of received) expect(ids).toEqual(expected.get(key)?.map(({ id }) => id));
  });
});

describe('a broker that wants TLS and a password', () => {
  let secured: TestKafka;
  beforeAll(async () => {
    secured = await startTestKafka({ isSecured: true });
  }, 120_000);
  afterAll(() => secured.destroy());

  test.each(saslMechanisms)('gets the events by %s', async (mechanism) => {
    const { told, received } = await deliverOne(open({ KAFKA_SASL_MECHANISM: mechanism }, secured), secured);
    expect(received).toEqual([told]);
  });

  test.each(['PLAIN', 'SCRAM-SHA-512'])(
    'is away while the password of %s is wrong, for a reason that does not tell the password',
    async (mechanism) => {
      open({ KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_PASSWORD: 'not-the-right-one' }, secured);
      expect(await reasonOf(sink.deliver([event(uuidv7())]))).toMatch(/[Aa]uthentication failed|Invalid username/);
      expect(log.text()).not.toContain('not-the-right-one');
    },
  );

  test('or a certificate instead gets the events of who shows one', async () => {
    const topics = open({ ...withoutLogin, ...secured.certificateSettings }, secured);
    const { told, received } = await deliverOne(topics, secured);
    expect(received).toEqual([told]);
  });

  test('or a certificate instead is away for who shows none, and the process goes on', async () => {
    const { KAFKA_TLS_CERT_FILE: _cert, KAFKA_TLS_KEY_FILE: _key, ...settings } = secured.certificateSettings;
    open({ ...withoutLogin, ...settings }, secured);
    expect(await reasonOf(sink.deliver([event(uuidv7())]))).toMatch(/certificate|Connection closed/i);
  });

  test('is away while its certificate is not vouched for', async () => {
    open({ KAFKA_TLS_CA_FILE: '' }, secured);
    expect(await reasonOf(sink.deliver([event(uuidv7())]))).toMatch(/certificate/);
  });

  test('is away for who does not use TLS, and the process goes on', async () => {
    open({ KAFKA_TLS: 'false', KAFKA_TLS_CA_FILE: '' }, secured);
    expect(await reasonOf(sink.deliver([event(uuidv7())]))).toMatch(/Connection closed|TLS/);
  });
});
