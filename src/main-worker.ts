import { readConfig } from './config.ts';
import { startInboxRunner } from './events/consume/run-inbox.ts';
import { startPublishing } from './events/outbox-publisher.ts';
import { startConsuming } from './events/start-consuming.ts';
import { createLogger } from './logger.ts';
import { runProcess } from './run-process.ts';
import { serveProbes } from './serve-probes.ts';
import { isTemporalReady } from './temporal/connection.ts';
import { startStallWatch } from './temporal/stalls/watch-stalls.ts';
import { wireSagas } from './wire-sagas.ts';
import { startWorkerRunner } from './worker/worker-runner.ts';

/** A worker of its own: runs sagas, the relay and the outbox's publisher, serves no requests. */
await runProcess(async () => {
  const config = readConfig({ ...process.env, ROLE: 'worker' });
  const logger = createLogger(config.log, 'worker');
  const wired = await wireSagas(config, logger, { role: 'worker', connectionName: 'order-saga-worker' });
  const { connector, changes, copies, database, dependencies, metrics, tracing } = wired;
  const workerRunner = startWorkerRunner(connector, config, dependencies, wired.starts);
  const stallWatch = startStallWatch(connector, dependencies);
  const publisher = startPublishing(config, { database, changes, gateways: dependencies.gateways, logger });
  const inbox = startInboxRunner(wired.eventConsumer);
  const kafka = await startConsuming(config.kafka, database, inbox, logger);
  const isReady = async () => workerRunner.isRunning() && (await isTemporalReady(connector));
  const probes = config.probePort === undefined ? undefined : await serveProbes(config.probePort, isReady);
  const stop = async () => {
    await stallWatch.stop();
    await kafka?.stop();
    await inbox.stop();
    await workerRunner.stop();
    await publisher.stop();
    await wired.notification?.close();
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
