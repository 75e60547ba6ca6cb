import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPublisher } from '../../src/events/outbox-publisher.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { createAnnouncer } from '../../src/events/order-announcer.ts';
import { listenForOrderChanges } from '../../src/events/order-changes.ts';
import { createTestDatabase } from '../setup/database.ts';
import { eventually } from '../setup/eventually.ts';
import { startOwnPostgres, type RestartableServer } from '../setup/servers.ts';
import { logger, recordingSink, rules, writeEvents } from './outbox-rig.ts';

let server: RestartableServer & { url: string };

beforeAll(async () => {
  server = await startOwnPostgres();
});
afterAll(() => server.destroy());

test('a publisher publishes announced and unannounced events, also after its database was lost', async () => {
  const { url } = await createTestDatabase(server.url);
  const database = openDatabase(url, { max: 4, name: 'test', onError: () => {} });
  const { db } = database;
  const { source, delivered } = recordingSink();
  const changes = listenForOrderChanges(url, logger);
  const publisher = startPublisher({ db, changes, sinks: [source], rules, retentionMs: 60_000, logger });
  const announcer = createAnnouncer(database.pool, logger);
  const publishes = (count: number) => eventually(() => expect(delivered.length).toBeGreaterThanOrEqual(count));

  await writeEvents(db, { orders: 1, count: 1 });
  await publishes(1);
  const [id] = await writeEvents(db, { orders: 1, count: 2 });
  announcer.announce(id!);
  await publishes(3);

  await server.crash();
  await server.start();
  await eventually(() => writeEvents(db, { orders: 1, count: 1 }));
  await publishes(4);

  await publisher.stop();
  await changes.close();
  await database.close();
});
