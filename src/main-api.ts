import { setTimeout as delay } from 'node:timers/promises';
import { readApiConfig } from './config.ts';
import { createGateways } from './gateways/index.ts';
import { createApi } from './http/app.ts';
import { createImportPlacer } from './imports/place-import-order.ts';
import { listen } from './http/listen.ts';
import { createOrderFeed } from './events/order-feed.ts';
import { createLogger } from './logger.ts';
import { publishNow, startPublishing } from './events/outbox-publisher.ts';
import { startMetrics } from './metrics/start-metrics.ts';
import { openDatabase } from './repositories/database.ts';
import { openReplica } from './repositories/replica.ts';
import { createAnnouncer } from './events/order-announcer.ts';
import { listenForOrderChanges } from './events/order-changes.ts';
import { openCopies } from './redis/open-copies.ts';
import { runProcess } from './run-process.ts';
import { isTemporalReady, connectInBackground } from './temporal/connection.ts';
import { createImportCommands } from './temporal/import-client.ts';
import { createOrderCommands } from './temporal/order-client.ts';
import { createResolutionStart } from './temporal/resolution-client.ts';
import { startStallWatch } from './temporal/stalls/watch-stalls.ts';
import { limitStarts } from './temporal/starting/limit-starts.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { installRuntime } from './worker/worker.ts';
import { startWorkerRunner } from './worker/worker-runner.ts';

/** How long the API waits for its worker before it serves without one. */
const WORKER_WAIT_MS = 5_000;

/** How long open requests may take after the stop: most take milliseconds, and a worker in this process needs the other half of the time. */
const OPEN_REQUESTS_LIMIT_MS = 4_000;

/** The API; with `ROLE=all` (the default) a worker runs beside it and workflows start on it without a round trip. */
await runProcess(async (stopping) => {
  const config = readApiConfig();
  const logger = createLogger(config.log, config.role === 'all' ? 'app' : 'api');
  const tracing = await startTracing(config, config.role === 'all' ? 'app' : 'api', logger);
  const metrics = await startMetrics(config, logger);
  installRuntime(logger, metrics?.temporalAddress);
  const database = openDatabase(config.database.url, {
    max: config.database.poolMax,
    keys: config.payloadKeys,
    name: 'order-saga-api',
    onError: ({ message: reason }) => logger.warn({ reason }, 'database connection lost'),
  });
  const replica = openReplica(database.db, config.database, logger);
  const connector = connectInBackground(logger, config.payloadKeys);
  const changes = listenForOrderChanges(config.database.url, logger);
  const feed = createOrderFeed(database.db, changes, logger);
  const startLimiter = limitStarts(database.db, config, changes);
  metrics?.show({ database, startLimiter });
  const gateways = createGateways(config.gateways, logger);
  const copies = await openCopies(config.redisUrl, changes, logger);
  const announcer = createAnnouncer(database.pool, logger, copies);
  const commands = createOrderCommands(connector, database.db, config, startLimiter);
  const placeImportOrder = createImportPlacer({ db: database.db, gateways, commands, rules: config.order, logger });
  const dependencies = { db: database.db, gateways, announcer, logger };
  const publishOutbox = () => publishNow(config, database, logger);
  const starts = { placeImportOrder, commands, startLimiter, publishOutbox };
  const workerRunner = config.role === 'all' ? startWorkerRunner(connector, config, dependencies, starts) : undefined;
  const publisher = workerRunner && startPublishing(config, database, logger);
  const stallWatch = startStallWatch(connector, dependencies);
  const api = createApi({
    config,
    logger,
    database,
    commands,
    importCommands: createImportCommands(connector, config),
    startResolution: createResolutionStart(connector, database.db, config),
    announcer,
    changes,
    feed,
    gateways,
    replica,
    copies,
    isTemporalReady: () => isTemporalReady(connector),
    isStopping: () => stopping.aborted,
  });
  // The worker should be ready for the first order; while Temporal is unavailable, orders are accepted without it.
  await Promise.race([workerRunner?.started, delay(WORKER_WAIT_MS)]);
  const server = await listen(api, config.api);
  logger.info({ port: config.api.port, role: config.role }, 'listening');
  stopping.addEventListener('abort', server.sendAway);
  const stop = async () => {
    const closed = server.close(OPEN_REQUESTS_LIMIT_MS);
    // Neither event streams nor requests that wait for an outcome end soon by themselves.
    feed.close();
    changes.endWaits();
    await closed;
    await Promise.all([stallWatch.stop(), workerRunner?.stop().then(() => publisher?.stop())]);
    await Promise.all([changes.close(), copies?.close(), connector.close(), replica?.close()]);
    await Promise.all([database.close(), metrics?.close(), tracing?.close()]);
  };
  return { stop, stopDelayMs: config.api.stopDelayMs };
});
