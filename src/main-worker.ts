import { readConfig } from './config.ts';
import { createGateways } from './gateways/index.ts';
import { createImportPlacer } from './imports/place-import-order.ts';
import { createLogger } from './logger.ts';
import { publishNow, startPublishing } from './events/outbox-publisher.ts';
import { openDatabase } from './repositories/database.ts';
import { createAnnouncer } from './events/order-announcer.ts';
import { listenForOrderChanges } from './events/order-changes.ts';
import { runProcess } from './run-process.ts';
import { linkEngine } from './temporal/connection.ts';
import { createOrderCommands } from './temporal/order-client.ts';
import { createSagaPace } from './temporal/saga-pace.ts';
import { installRuntime } from './temporal/worker.ts';
import { startWorking } from './temporal/working.ts';

/** A worker of its own: runs sagas, the relay and the outbox's publisher, serves no requests. */
await runProcess(async () => {
  const config = readConfig({ ...process.env, ROLE: 'worker' });
  const logger = createLogger(config.log, 'worker');
  installRuntime(logger);
  const databaseUrl = config.database.url;
  const database = openDatabase(databaseUrl, {
    max: config.database.poolMax,
    name: 'order-saga-worker',
    onError: (error) => {
      logger.warn({ reason: error.message }, 'database connection lost');
    },
  });
  const link = linkEngine(logger);
  const changes = listenForOrderChanges(databaseUrl, logger);
  const announcer = createAnnouncer(database.pool, logger);
  const gateways = createGateways(config.gateways);
  const pace = createSagaPace(changes);
  const commands = createOrderCommands(link, database.db, config, pace);
  const placeImportOrder = createImportPlacer({ db: database.db, gateways, commands, rules: config.order });
  const dependencies = { db: database.db, gateways, announcer, logger };
  const publishOutbox = () => publishNow(config, database, logger);
  const working = startWorking(link, config, dependencies, { placeImportOrder, pace, publishOutbox });
  const publisher = startPublishing(config, database, logger);
  return async () => {
    await working.stop();
    await publisher.stop();
    await changes.close();
    await link.close();
    await database.close();
  };
});
