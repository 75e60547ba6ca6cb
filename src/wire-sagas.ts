import type { Config } from './config.ts';
import { configuredSinks } from './events/configured-sinks.ts';
import { publishNow } from './events/outbox-publisher.ts';
import { createAnnouncer } from './events/order-announcer.ts';
import { listenForOrderChanges } from './events/order-changes.ts';
import { createGateways } from './gateways/index.ts';
import { openNotificationGateway } from './gateways/open-notification.ts';
import { createImportPlacer } from './imports/place-import-order.ts';
import type { Logger } from './logger.ts';
import { startMetrics } from './metrics/start-metrics.ts';
import { openCopies } from './redis/open-copies.ts';
import { openDatabase } from './repositories/database.ts';
import { mailRecordIn } from './repositories/sent-messages.ts';
import { stripeRecords } from './repositories/stripe-intents.ts';
import { connectInBackground } from './temporal/connection.ts';
import { createOrderCommands } from './temporal/order-client.ts';
import { limitStarts } from './temporal/starting/limit-starts.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { installRuntime } from './worker/worker.ts';

/** Opens what every process needs that starts or runs sagas; whoever calls it closes what can be closed. `connectionName` is what PostgreSQL shows. */
export async function wireSagas(
  config: Config,
  logger: Logger,
  { role, connectionName }: { readonly role: 'app' | 'api' | 'worker'; readonly connectionName: string },
) {
  const tracing = await startTracing(config, role, logger);
  const metrics = await startMetrics(config, logger);
  installRuntime(logger, { metricsAddress: metrics?.temporalAddress, keys: config.payloadKeys });
  const database = openDatabase(config.database.url, {
    max: config.database.poolMax,
    keys: config.payloadKeys,
    name: connectionName,
    onError: ({ message: reason }) => {
      logger.warn({ reason }, 'database connection lost');
    },
  });
  const { db } = database;
  const connector = connectInBackground(logger, config.payloadKeys);
  const changes = listenForOrderChanges(config.database.url, logger);
  const startLimiter = limitStarts(db, config, changes);
  metrics?.show({ database, startLimiter, sinks: configuredSinks(db, () => {}, config).map(({ name }) => name) });
  const { messageRoute } = config;
  const notification = messageRoute && (await openNotificationGateway(messageRoute, mailRecordIn(db), logger));
  const gateways = createGateways(config.gateways, logger, { records: stripeRecords(db), notification });
  const copies = await openCopies(config.redisUrl, changes, logger);
  const announcer = createAnnouncer(database.pool, logger, { copies, wake: changes.wake });
  const commands = createOrderCommands(connector, db, config, startLimiter);
  const placeImportOrder = createImportPlacer({ db, gateways, commands, rules: config.order, logger });
  const publishOutbox = () => publishNow(config, database, logger);
  return {
    tracing,
    metrics,
    database,
    connector,
    changes,
    copies,
    commands,
    notification,
    dependencies: { db, gateways, announcer, logger },
    eventConsumer: {
      db,
      gateways,
      announcer,
      logger,
      commands,
      waitMs: config.order.waitMs,
      patienceMs: config.inbox.patienceMs,
    },
    starts: { placeImportOrder, commands, startLimiter, publishOutbox },
  };
}
