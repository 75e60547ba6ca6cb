import { randomBytes } from 'node:crypto';
import { Producer } from '@platformatic/kafka';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { BrokerMessage } from '../../../src/events/consume/keep-received.ts';
import { startKafkaConsumer, type KafkaConsumer } from '../../../src/events/kafka/consume-kafka.ts';
import { captureLog } from '../../setup/captured-log.ts';
import { eventually } from '../../setup/eventually.ts';
import { requiredSettings } from '../../setup/settings.ts';
import { startTestKafka, type TestKafka } from '../setup/start-kafka.ts';

const log = captureLog();
let broker: TestKafka;
let consumers: KafkaConsumer[] = [];

beforeAll(async () => {
  broker = await startTestKafka();
}, 300_000);
afterAll(() => broker.destroy());
afterEach(async () => {
  await Promise.all(consumers.map(({ stop }) => stop()));
  consumers = [];
});

/** Topics and a group of a test's own, and what each consumer of them has received. */
function prepare(settings: Readonly<Record<string, string>> = {}) {
  log.clear();
  const name = randomBytes(4).toString('hex');
  const topics = [`payments-${name}`, `shipping-${name}`];
  const { kafka } = readConfig({
    ...requiredSettings,
    ...broker.settings,
    KAFKA_CONSUMER_GROUP: `group-${name}`,
    KAFKA_PAYMENT_UPDATES_TOPIC: topics[0],
    KAFKA_SHIPPING_UPDATES_TOPIC: topics[1],
    KAFKA_INVENTORY_UPDATES_TOPIC: 'none',
    KAFKA_TOPIC_PARTITIONS: '4',
    ...settings,
  });
  if (kafka === undefined) throw new Error('KAFKA_BROKERS is not set');
  const received: BrokerMessage[] = [];
  const start = (receive: (messages: readonly BrokerMessage[]) => Promise<void> = async () => undefined) => {
    const consumer = startKafkaConsumer(
      kafka,
      async (messages) => {
        await receive(messages);
        received.push(...messages);
      },
      log.logger,
    );
    consumers.push(consumer);
    return consumer;
  };
  const idsOf = () => received.map(idOf);
  return { topics, received, start, idsOf, group: kafka.consumer.group };
}

function idOf({ event }: BrokerMessage): string {
  return JSON.stringify(event?.['id'] ?? null).replaceAll('"', '');
}

/** Sends as another service would, by a producer without our options. */
async function send(topic: string, ids: readonly string[], value = '{}'): Promise<void> {
  const producer = new Producer({ clientId: 'elsewhere', bootstrapBrokers: [broker.address] });
  const messages = ids.map((id) => ({
    topic,
    key: Buffer.from(id),
    value: Buffer.from(value),
    headers: binaryHeaders(id),
  }));
  await producer.send({ messages, acks: -1 });
  await producer.close();
}

function binaryHeaders(id: string): Map<Buffer, Buffer> {
  const headers = { ce_specversion: '1.0', ce_id: id, ce_source: '/elsewhere', ce_type: 'x' };
  return new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]));
}

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `e-${from + n}`);

async function committed(group: string): Promise<number> {
  const tool = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
  const text = await broker.tool(tool, ['--describe', '--offsets', '--group', group]);
  const rows = text.split('\n').flatMap((line) => (line.startsWith(group) ? [line.split(/\s+/)] : []));
  return rows.reduce((sum, [, , , offset]) => sum + (Number(offset) || 0), 0);
}

test('every message of every topic is received and its offset committed, and a later process goes on behind it', async () => {
  const { topics, received, start, idsOf, group } = prepare();
  const first = start();
  await eventually(() => log.text().includes('"topic created"'));
  await send(topics[0] ?? '', numbered(0, 300));
  await send(topics[1] ?? '', numbered(300, 310));
  await eventually(() => expect(new Set(idsOf()).size).toBe(310));
  expect(new Set(received.map(({ channel }) => channel))).toEqual(new Set(['payments', 'shipping']));
  await first.stop();
  // The producer of the test may have sent some twice.
  expect(await committed(group)).toBe(received.length);
  const count = received.length;
  start();
  await send(topics[0] ?? '', ['last']);
  await eventually(() => expect(idsOf()).toContain('last'));
  expect(idsOf().slice(count)).toEqual(['last']);
});

test('a message that could not be received is received again, and none after it is lost', async () => {
  const { topics, start, idsOf } = prepare();
  let failures = 3;
  start(async (messages) => {
    if (messages.some((message) => idOf(message) === 'e-5') && failures-- > 0) throw new Error('the database is away');
  });
  await eventually(() => send(topics[0] ?? '', numbered(0, 20)));
  await eventually(() => expect(new Set(idsOf())).toEqual(new Set(numbered(0, 20))));
});

test('a message that is no event is handed over as such, and holds up none', async () => {
  const { topics, received, start } = prepare();
  start();
  await eventually(() => send(topics[0] ?? '', ['poison'], 'no JSON'));
  await send(topics[0] ?? '', ['after']);
  await eventually(() => expect(received.map(idOf)).toContain('after'));
  const poison = received.find(({ fault }) => fault !== undefined);
  expect(poison).toMatchObject({ event: undefined, fault: 'The value is no JSON.', body: 'no JSON' });
});

test(
  'processes share the partitions, and what one had when it went another one gets',
  { timeout: 120_000 },
  async () => {
    const { topics, start, idsOf } = prepare();
    const first = start();
    start();
    await eventually(() => send(topics[0] ?? '', numbered(0, 200)));
    await eventually(() => expect(new Set(idsOf()).size).toBe(200));
    await first.stop();
    await send(topics[0] ?? '', numbered(200, 400));
    await eventually(() => expect(new Set(idsOf()).size).toBe(400));
  },
);

test(
  'a broker that is away at the start and later is waited for, and nothing is lost',
  { timeout: 240_000 },
  async () => {
    const { topics, start, idsOf } = prepare();
    await broker.kill();
    start();
    await eventually(() => log.text().includes('is not consumed; it is tried again'));
    await broker.start();
    await eventually(() => send(topics[0] ?? '', numbered(0, 50)));
    await eventually(() => expect(new Set(idsOf()).size).toBe(50));
    await broker.kill();
    await broker.start();
    await eventually(() => send(topics[0] ?? '', numbered(50, 100)));
    await eventually(() => expect(new Set(idsOf()).size).toBe(100));
  },
);

test(
  'a stop takes seconds, also while the broker is away or the database answers nothing',
  { timeout: 240_000 },
  async () => {
    const { topics, start } = prepare();
    let isHanging = false;
    const consumer = start(async () => {
      isHanging = true;
      throw new Error('the database is away');
    });
    await eventually(() => send(topics[0] ?? '', ['e-1']));
    await eventually(() => isHanging);
    expect(await durationMs(consumer.stop)).toBeLessThan(8_000);
    const other = start();
    await broker.kill();
    expect(await durationMs(other.stop)).toBeLessThan(8_000);
    await broker.start();
  },
);

async function durationMs(work: () => Promise<void>): Promise<number> {
  const startedAt = Date.now();
  await work();
  return Date.now() - startedAt;
}
