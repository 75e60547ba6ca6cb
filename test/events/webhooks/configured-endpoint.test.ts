import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSagaConfig } from '../../../src/config.ts';
import { listenForOrderChanges } from '../../../src/events/order-changes.ts';
import { publishNow, startPublishing } from '../../../src/events/outbox-publisher.ts';
import { SINK_LOCK } from '../../../src/repositories/webhook-deliveries.ts';
import { createSigningSecret } from '../../../src/webhook-signature.ts';
import { openOrders } from '../../repositories/orders.ts';
import { eventually } from '../../setup/eventually.ts';
import { requiredSettings } from '../../setup/settings.ts';
import { logger, writeEvents } from '../outbox-rig.ts';
import { startReceiver } from './receiver.ts';

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

/** An empty database, and the settings that name the receiver. */
async function firstStart() {
  const database = await openOrders();
  const events = { EVENTS_URL: receiver.url, EVENTS_SECRET: createSigningSecret() };
  const config = readSagaConfig({ ...requiredSettings, DATABASE_URL: database.url, ...events });
  return { database, config };
}

const received = (orderId: string) => receiver.received.filter(({ body }) => body.includes(orderId));

test('the receiver of the settings gets what was written before it could be put on record', async () => {
  const { database, config } = await firstStart();
  const changes = listenForOrderChanges(database.url, logger);
  const [order] = await writeEvents(database.db, { orders: 1, count: 1 });
  let publisher: ReturnType<typeof startPublishing> | undefined;
  await database.db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${SINK_LOCK})`.execute(transaction);
    publisher = startPublishing(config, { database, changes, logger });
    // Twice as long as a publisher waits before it looks again.
    await sleep(2_000);
  });
  await eventually(() => expect(received(order!)).toHaveLength(1));
  await publisher?.stop();
  await changes.close();
  await database.close();
});

test('a command whose settings are older, or lack the receiver, leaves it as it is', async () => {
  const { database, config } = await firstStart();
  await publishNow(config, database, logger);
  const endpoint = () => database.db.selectFrom('webhook_endpoints').selectAll().execute();
  const before = await endpoint();
  await publishNow({ ...config, events: { ...config.events, secret: createSigningSecret() } }, database, logger);
  await publishNow({ ...config, events: { ...config.events, url: undefined } }, database, logger);
  expect(await endpoint()).toEqual(before);
  await database.close();
});

test('the receiver of the settings gets what the first command publishes that is run beside no process', async () => {
  const { database, config } = await firstStart();
  const [order] = await writeEvents(database.db, { orders: 1, count: 1 });
  await publishNow(config, database, logger);
  const changes = listenForOrderChanges(database.url, logger);
  const publisher = startPublishing(config, { database, changes, logger });
  await eventually(() => expect(received(order!)).toHaveLength(1));
  await publisher.stop();
  await changes.close();
  await database.close();
});
