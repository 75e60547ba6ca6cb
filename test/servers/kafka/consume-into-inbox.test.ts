import { Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { openDatabase, type Database } from '../../../src/repositories/database.ts';
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts';
import { eventually } from '../../setup/eventually.ts';
import { startTestKafka, type TestKafka } from '../setup/start-kafka.ts';
import { spawnKafkaProcess } from './spawn-kafka-process.ts';

let broker: TestKafka;
let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  [broker, testDatabase] = await Promise.all([startTestKafka(), createTestDatabase()]);
  database = openDatabase(testDatabase.url, { max: 4, keys: undefined, name: 'test', onError: () => undefined });
}, 300_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await broker.destroy();
});

/** Sends as the carrier would, by a producer without our options; some in binary mode, some in structured mode. */
async function send(events: readonly { readonly id: string; readonly orderId: string }[]): Promise<void> {
  const producer = new Producer({ clientId: 'carrier', bootstrapBrokers: [broker.address] });
  const messages = events.map(({ id, orderId }, n) => {
    const data = { order_id: orderId, shipment_number: 1, delivered_at: '2026-11-26T10:00:00Z' };
    const attributes = { specversion: '1.0', id, source: '/carrier', type: 'shipment.delivered' };
    const isBinary = n % 2 === 0;
    const headers = isBinary
      ? Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value] as const)
      : [['content-type', 'application/cloudevents+json'] as const];
    return {
      topic: 'shipping.updates',
      key: Buffer.from(orderId),
      value: Buffer.from(JSON.stringify(isBinary ? data : { ...attributes, data })),
      headers: new Map(headers.map(([name, value]) => [Buffer.from(name), Buffer.from(value)])),
    };
  });
  await producer.send({ messages, acks: -1 });
  await producer.close();
}

test(
  'every event is in the inbox once, whatever was killed while it was consumed and however often it was sent',
  { timeout: 300_000 },
  async () => {
    const first = await spawnKafkaProcess(testDatabase.url, broker.settings);
    const events = Array.from({ length: 400 }, (_, n) => ({ id: `d-${n}`, orderId: uuidv7() }));
    await eventually(() => send(events.slice(0, 200)));
    await eventually(async () => expect(await countInbox()).toBeGreaterThan(0));
    await first.kill();
    const second = await spawnKafkaProcess(testDatabase.url, broker.settings);
    await broker.kill();
    await broker.start();
    await eventually(() => send(events.slice(100)));
    await eventually(async () => expect(await countInbox()).toBe(400), { timeoutMs: 120_000 });
    const rows = await database.db.selectFrom('inbox').select(['source', 'id', 'state']).execute();
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(events.map(({ id }) => id)));
    expect(rows.filter(({ source, state }) => source !== 'kafka:/carrier' || state === 'DEAD')).toEqual([]);
    await second.stop();
  },
);

async function countInbox(): Promise<number> {
  return (await database.db.selectFrom('inbox').select('id').execute()).length;
}
