import { readConfig, requireDatabaseUrl } from './config.ts';
import { createGateways } from './gateways/index.ts';
import { importPlacer } from './http/imports/place-import-order.ts';
import { createLogger } from './logger.ts';
import { startPublishing } from './outbox/publisher.ts';
import { openDatabase } from './repositories/database.ts';
import { createAnnouncer } from './repositories/order-changes.ts';
import { runMain } from './run-main.ts';
import { linkEngine } from './temporal/connection.ts';
import { createOrderCommands } from './temporal/order-client.ts';
import { installRuntime } from './temporal/worker.ts';
import { startWorking } from './temporal/working.ts';

/** A worker of its own: runs sagas, the relay and the outbox's publisher, serves no requests. */
await runMain(async () => {
  const config = readConfig({ ...process.env, ROLE: 'worker' });
  const logger = createLogger(config.log, 'worker');
  installRuntime(logger);
  const database = openDatabase(requireDatabaseUrl(config), {
    max: config.database.poolMax,
    name: 'order-saga-worker',
    onError: (error) => {
      logger.warn({ reason: error.message }, 'database connection lost');
    },
  });
  const link = linkEngine(logger);
  const announcer = createAnnouncer(database.pool, logger);
  const gateways = createGateways(config.gateways);
  const commands = createOrderCommands(link, database.db, config);
  const placeImportOrder = importPlacer({ config, database, gateways, commands });
  const working = startWorking(link, config, { db: database.db, gateways, announcer, logger }, placeImportOrder);
  const publisher = startPublishing(config, database, logger);
  return async () => {
    await working.stop();
    await publisher.stop();
    await link.close();
    await database.close();
  };
});
