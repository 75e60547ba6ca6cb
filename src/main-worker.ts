import { readConfig } from './config.ts';
import { createGateways } from './gateways/index.ts';
import { createImportPlacer } from './imports/place-import-order.ts';
import { createLogger } from './logger.ts';
import { publishNow, startPublishing } from './events/outbox-publisher.ts';
import { startMetrics } from './metrics/start-metrics.ts';
import { openDatabase } from './repositories/database.ts';
import { createAnnouncer } from './events/order-announcer.ts';
import { listenForOrderChanges } from './events/order-changes.ts';
import { openCopies } from './redis/open-copies.ts';
import { runProcess } from './run-process.ts';
import { serveProbes } from './serve-probes.ts';
import { connectInBackground, isTemporalReady } from './temporal/connection.ts';
import { createOrderCommands } from './temporal/order-client.ts';
import { startStallWatch } from './temporal/stalls/watch-stalls.ts';
import { limitStarts } from './temporal/starting/limit-starts.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { installRuntime } from './worker/worker.ts';
import { startWorkerRunner } from './worker/worker-runner.ts';

/** A worker of its own: runs sagas, the relay and the outbox's publisher, serves no requests. */
await runProcess(async () => {
  const config = readConfig({ ...process.env, ROLE: 'worker' });
  const logger = createLogger(config.log, 'worker');
  const tracing = await startTracing(config, 'worker', logger);
  const metrics = await startMetrics(config, logger);
  installRuntime(logger, metrics?.temporalAddress);
  const databaseUrl = config.database.url;
  const database = openDatabase(databaseUrl, {
    max: config.database.poolMax,
    keys: config.payloadKeys,
    name: 'order-saga-worker',
    onError: (error) => {
      logger.warn({ reason: error.message }, 'database connection lost');
    },
  });
  const connector = connectInBackground(logger, config.payloadKeys);
  const changes = listenForOrderChanges(databaseUrl, logger);
  const copies = await openCopies(config.redisUrl, changes, logger);
  const announcer = createAnnouncer(database.pool, logger, copies);
  const gateways = createGateways(config.gateways, logger);
  const startLimiter = limitStarts(database.db, config, changes);
  metrics?.show({ database, startLimiter });
  const commands = createOrderCommands(connector, database.db, config, startLimiter);
  const placeImportOrder = createImportPlacer({ db: database.db, gateways, commands, rules: config.order, logger });
  const dependencies = { db: database.db, gateways, announcer, logger };
  const publishOutbox = () => publishNow(config, database, logger);
  const workerRunner = startWorkerRunner(connector, config, dependencies, {
    placeImportOrder,
    commands,
    startLimiter,
    publishOutbox,
  });
  const stallWatch = startStallWatch(connector, dependencies);
  const publisher = startPublishing(config, database, logger);
  const isReady = async () => workerRunner.isRunning() && (await isTemporalReady(connector));
  const probes = config.probePort === undefined ? undefined : await serveProbes(config.probePort, isReady);
  const stop = async () => {
    await stallWatch.stop();
    await workerRunner.stop();
    await publisher.stop();
    await changes.close();
    await copies?.close();
    await connector.close();
    await database.close();
    probes?.close();
    await metrics?.close();
    await tracing?.close();
  };
  // Nobody sends a worker anything: it stops at once.
  return { stop, stopDelayMs: 0 };
});
