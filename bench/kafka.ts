import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Consumer, MessagesStreamModes, Producer } from '@platformatic/kafka';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { startKafka, type KafkaBroker } from '../dev/kafka/start-kafka.ts';
import { freePort } from '../dev/local/free-port.ts';
import { buildPostgresUrl, startPostgres } from '../dev/local/postgres.ts';
import { readSagaConfig, type SagaConfig } from '../src/config.ts';
import { createMissingTopics } from '../src/events/kafka/create-topics.ts';
import { createAnnouncer } from '../src/events/order-announcer.ts';
import { listenForOrderChanges, type OrderChanges } from '../src/events/order-changes.ts';
import { startPublishing } from '../src/events/outbox-publisher.ts';
import { startConsuming } from '../src/events/start-consuming.ts';
import { createLogger, type Logger } from '../src/logger.ts';
import { openDatabase, type Database } from '../src/repositories/database.ts';
import { migrateToLatest } from '../src/repositories/migrate.ts';
import { computePercentiles } from './measures.ts';
import type { PartReport } from './part.ts';

const EVENTS = 50_000;
const EVENTS_AN_ORDER = 4;
const LEAST_PUBLISHED = 5_000;

const ORDERS_A_SECOND = 20;
const SECONDS = 20;
const MOST_LATENCY_MS = 100;

const MESSAGES = 10_000;
const LEAST_CONSUMED = 1_000;

const PASSWORD = 'bench';
const TOPIC = 'orders.events';
const INBOUND_TOPIC = 'shipping.updates';

/** What the measurements run on: a broker and a PostgreSQL of their own, without sagas. */
interface Bed {
  readonly broker: KafkaBroker;
  readonly config: SagaConfig;
  readonly database: Database;
  readonly changes: OrderChanges;
  readonly logger: Logger;
}

/** Measures how fast events leave a full outbox for Kafka, how soon a consumer has one, and how fast messages are received into the inbox. */
export async function benchKafka(say: (line: string) => void): Promise<PartReport> {
  await using started = new AsyncDisposableStack();
  say('starting Kafka and PostgreSQL');
  const bed = await startBed(started);
  say(`publishing ${EVENTS} events of a full outbox`);
  await writeEvents(bed.database, EVENTS / EVENTS_AN_ORDER);
  const publishedAtMs = performance.now();
  const publisher = startPublishing(bed.config, bed);
  started.defer(publisher.stop);
  await until(async () => (await countWaiting(bed.database)) === 0);
  const published = (1_000 * EVENTS) / (performance.now() - publishedAtMs);
  say(`following ${ORDERS_A_SECOND} orders a second for ${SECONDS} s`);
  const { p50, p95, p99 } = computePercentiles(await measureLatency(bed));
  say(`receiving ${MESSAGES} messages`);
  const consumed = await measureConsuming(bed, started);
  return {
    facts: [
      `from a full outbox of ${EVENTS} events: ${Math.round(published)}/s acknowledged by Kafka`,
      `at ${ORDERS_A_SECOND} orders/s a consumer has an event p50 / p95 / p99 ${[p50, p95, p99].map((ms) => ms.toFixed(0)).join(' / ')} ms after its transaction began`,
      `messages of others into the inbox: ${Math.round(consumed)}/s`,
    ],
    targets: [
      { name: `${LEAST_PUBLISHED} events/s to Kafka`, measured: published, met: published >= LEAST_PUBLISHED },
      { name: `an event within ${MOST_LATENCY_MS} ms at p99`, measured: p99, met: p99 <= MOST_LATENCY_MS },
      { name: `${LEAST_CONSUMED} messages/s consumed`, measured: consumed, met: consumed >= LEAST_CONSUMED },
    ],
  };
}

async function startBed(started: AsyncDisposableStack): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'order-saga-kafka-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const broker = await startKafka({ folder });
  started.defer(broker.stop);
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port, password: PASSWORD, log: () => {} });
  started.defer(postgres.stop);
  const url = buildPostgresUrl(port, 'postgres', { name: 'postgres', password: PASSWORD });
  await migrateToLatest(url);
  const config = readSagaConfig({
    ...broker.settings,
    DATABASE_URL: url,
    LOG_LEVEL: 'error',
    ALLOW_KNOWN_SECRETS: 'true',
  });
  const logger = createLogger(config.log, 'bench');
  const database = openDatabase(url, { max: config.database.poolMax, name: 'bench', onError: () => {} });
  started.defer(database.close);
  const changes = listenForOrderChanges(url, logger);
  started.defer(changes.close);
  return { broker, config, database, changes, logger };
}

/** Writes the events of so many orders in one statement, each order's in turn with the others'. */
async function writeEvents({ db }: Database, orders: number): Promise<void> {
  const payload = JSON.stringify({
    order_number: 'ORD-00000001',
    customer_id: 'bench',
    status: 'CONFIRMED',
    version: 2,
  });
  await sql`
    insert into outbox (subject_id, type, payload)
    select id, case when n = 2 then 'payment.processed' else 'order.updated' end, ${payload}::jsonb || jsonb_build_object('order_id', id)
    from generate_series(1, ${EVENTS_AN_ORDER}::integer) as n, (select uuidv7() as id from generate_series(1, ${orders}::integer)) as o
    order by n`.execute(db);
}

async function countWaiting({ db }: Database): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select (select count(*) from outbox where position is null)
      + coalesce((select max(position) from outbox) - (select position from event_sinks where name = 'kafka'), 0) as waiting`.execute(
    db,
  );
  return rows[0]?.waiting ?? 0;
}

/** Writes orders' events at a steady rate and returns how long after the beginning of its transaction a consumer had each, in milliseconds. */
async function measureLatency({ broker, database, logger }: Bed): Promise<number[]> {
  const latenciesMs: number[] = [];
  const consumer = new Consumer({
    clientId: 'bench',
    groupId: `bench-${uuidv7()}`,
    bootstrapBrokers: [broker.plainAddress],
  });
  const stream = await consumer.consume({ topics: [TOPIC], mode: MessagesStreamModes.LATEST });
  stream.on('data', ({ headers }) => {
    const time = [...headers].find(([name]) => String(name) === 'ce_time')?.[1];
    latenciesMs.push(Date.now() - Date.parse(String(time)));
  });
  const announcer = createAnnouncer(database.pool, logger, { wake: () => {} });
  // Until the consumer has its partitions.
  await until(async () => {
    await writeEvents(database, 1);
    announcer.announce(uuidv7());
    return latenciesMs.length > 0;
  });
  await until(async () => (await countWaiting(database)) === 0);
  await delay(1_000);
  latenciesMs.length = 0;
  const startedMs = performance.now();
  for (let order = 0; order < ORDERS_A_SECOND * SECONDS; order += 1) {
    await delay(Math.max(startedMs + (1_000 * order) / ORDERS_A_SECOND - performance.now(), 0));
    await writeEvents(database, 1);
    announcer.announce(uuidv7());
  }
  const expected = ORDERS_A_SECOND * SECONDS * (EVENTS_AN_ORDER - 1);
  await until(() => Promise.resolve(latenciesMs.length >= expected));
  await consumer.close(true);
  return latenciesMs;
}

/** Sends deliveries of unknown orders, and returns how many messages a second reach the inbox. */
async function measureConsuming(
  { broker, config, database, logger }: Bed,
  started: AsyncDisposableStack,
): Promise<number> {
  if (config.kafka) await createMissingTopics(config.kafka, [INBOUND_TOPIC]);
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [broker.plainAddress] });
  for (let sent = 0; sent < MESSAGES; sent += 1_000) {
    await producer.send({ messages: Array.from({ length: 1_000 }, () => describeDelivery()) });
  }
  await producer.close();
  const startedMs = performance.now();
  const consumer = await startConsuming(config.kafka, database, { wake: () => {} }, logger);
  started.defer(async () => consumer?.stop());
  await until(async () => {
    const { rows } = await sql<{ kept: number }>`select count(*) as kept from inbox`.execute(database.db);
    return rows[0]?.kept === MESSAGES;
  });
  return (1_000 * MESSAGES) / (performance.now() - startedMs);
}

function describeDelivery() {
  const orderId = uuidv7();
  const event = {
    specversion: '1.0',
    id: uuidv7(),
    source: '/bench',
    type: 'shipment.delivered',
    subject: orderId,
    data: { order_id: orderId },
  };
  return { topic: INBOUND_TOPIC, key: Buffer.from(orderId), value: Buffer.from(JSON.stringify(event)) };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(50);
}
