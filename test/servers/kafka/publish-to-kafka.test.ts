import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstIdsByKey, readTopic } from '../../../dev/kafka/read-topic.ts';
import { openDatabase, type Database } from '../../../src/repositories/database.ts';
import { writeEvents } from '../../events/outbox-rig.ts';
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts';
import { eventually } from '../../setup/eventually.ts';
import { startTestKafka, type TestKafka } from '../setup/start-kafka.ts';
import { spawnKafkaProcess, type KafkaProcess } from './spawn-kafka-process.ts';

let broker: TestKafka;
let testDatabase: TestDatabase;
let database: Database;
let publisher: KafkaProcess;

beforeAll(async () => {
  [broker, testDatabase] = await Promise.all([startTestKafka(), createTestDatabase()]);
  database = openDatabase(testDatabase.url, { max: 4, keys: undefined, name: 'test', onError: () => undefined });
  publisher = await start();
  // A sink gets what happens from its first start on.
  await eventually(async () => (await readSink()) !== undefined);
}, 300_000);
afterAll(async () => {
  await publisher.stop();
  await database.close();
  await testDatabase.drop();
  await broker.destroy();
});

const settings = () => ({
  ...broker.settings,
  KAFKA_PAYMENT_UPDATES_TOPIC: 'none',
  KAFKA_INVENTORY_UPDATES_TOPIC: 'none',
  KAFKA_SHIPPING_UPDATES_TOPIC: 'none',
});

const start = () => spawnKafkaProcess(testDatabase.url, settings());

async function readSink() {
  return await database.db.selectFrom('event_sinks').selectAll().where('name', '=', 'kafka').executeTakeFirst();
}

async function untilAllPublished(): Promise<void> {
  await eventually(
    async () => {
      const rows = await database.db.selectFrom('outbox').select('position').execute();
      const last = Math.max(...rows.map(({ position }) => (position === null ? Infinity : position)));
      expect(Number((await readSink())?.position)).toBeGreaterThanOrEqual(last);
    },
    { timeoutMs: 180_000 },
  );
}

async function idsOnRecord(orderIds: readonly string[]): Promise<Map<string, number[]>> {
  const rows = await database.db.selectFrom('outbox').select(['id', 'subject_id']).orderBy('id').execute();
  const ids = Map.groupBy(rows, ({ subject_id }) => subject_id);
  return new Map(orderIds.map((id) => [id, (ids.get(id) ?? []).map((row) => row.id)]));
}

async function idsReceived(orderIds: readonly string[]): Promise<Map<string, number[]>> {
  const received = firstIdsByKey(await readTopic(broker.address, 'orders.events'));
  return new Map(orderIds.map((id) => [id, received.get(id) ?? []]));
}

test(
  "every order's events reach a consumer of Kafka's own in their order, whatever broker and publisher are killed meanwhile",
  { timeout: 480_000 },
  async () => {
    const orderIds = await writeEvents(database.db, { orders: 100, count: 60 });
    for (let n = 0; n < 2; n += 1) {
      await publisher.kill();
      publisher = await start();
      await broker.kill();
      orderIds.push(...(await writeEvents(database.db, { orders: 20, count: 10 })));
      await broker.start();
    }
    await untilAllPublished();
    expect(await idsReceived(orderIds)).toEqual(await idsOnRecord(orderIds));
  },
);

test(
  'a broker that is away is told with its reason, and gets everything in order when it is back',
  { timeout: 300_000 },
  async () => {
    await broker.kill();
    const orderIds = await writeEvents(database.db, { orders: 20, count: 20 });
    await eventually(async () => {
      const { failing_since: since, last_error: reason } = (await readSink()) ?? {};
      expect(since).toBeInstanceOf(Date);
      expect(reason).toMatch(/ECONNREFUSED|Connection closed/);
    });
    await broker.start();
    await untilAllPublished();
    expect(await readSink()).toMatchObject({ failing_since: null, last_error: null });
    expect(await idsReceived(orderIds)).toEqual(await idsOnRecord(orderIds));
  },
);

test(
  'an event that is too large becomes a dead letter with the reason, and other orders go on',
  { timeout: 300_000 },
  async () => {
    const [large = '', other = ''] = await writeEvents(database.db, { orders: 2, count: 1 });
    const payload = JSON.stringify({ text: 'x'.repeat(1_200_000) });
    await database.db.insertInto('outbox').values({ subject_id: large, type: 'order.tested', payload }).execute();
    await database.db.insertInto('outbox').values({ subject_id: large, type: 'order.tested', payload: '{}' }).execute();
    await database.db.insertInto('outbox').values({ subject_id: other, type: 'order.tested', payload: '{}' }).execute();
    await untilAllPublished();
    const onRecord = await idsOnRecord([large, other]);
    const received = await idsReceived([large, other]);
    expect(received.get(other)).toEqual(onRecord.get(other));
    expect(received.get(large)).toEqual(onRecord.get(large)?.slice(0, 1));
    const waiting = await database.db
      .selectFrom('event_deliveries')
      .select(['event_id', 'last_error'])
      .orderBy('event_id')
      .execute();
    expect(waiting.map(({ event_id: id }) => id)).toEqual(onRecord.get(large)?.slice(1));
    expect(waiting[0]?.last_error).toMatch(/larger|too large/i);
  },
);
