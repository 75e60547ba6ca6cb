import { setTimeout as delay } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { createAccess, type Access } from './access/access.ts';
import { readApiConfig, type Config, type ConsoleConfig } from './config.ts';
import type { openGrpcDoor } from './grpc/open-door.ts';
import { createApi } from './http/app.ts';
import { listen } from './http/listen.ts';
import { startInboxRunner } from './events/consume/run-inbox.ts';
import { createOrderFeed } from './events/order-feed.ts';
import { createLogger, type Logger } from './logger.ts';
import { startPublishing } from './events/outbox-publisher.ts';
import { startConsuming } from './events/start-consuming.ts';
import type { Database } from './repositories/database.ts';
import { openReplica } from './repositories/replica.ts';
import { runProcess } from './run-process.ts';
import { isTemporalReady } from './temporal/connection.ts';
import { describeWorkers } from './temporal/describe-workers.ts';
import { createImportCommands } from './temporal/import-client.ts';
import { createPaymentReportStart } from './temporal/payment-report-client.ts';
import { createResolutionStart } from './temporal/resolution-client.ts';
import { startStallWatch } from './temporal/stalls/watch-stalls.ts';
import { wireSagas } from './wire-sagas.ts';
import { startWorkerRunner } from './worker/worker-runner.ts';

/** How long the API waits for its worker before it serves without one. */
const WORKER_WAIT_MS = 5_000;

/** How long open requests may take after the stop: most take milliseconds, and a worker in this process needs the other half of the time. */
const OPEN_REQUESTS_LIMIT_MS = 4_000;

/** The API; with `ROLE=all` (the default) a worker runs beside it and workflows start on it without a round trip. */
await runProcess(async (stopping) => {
  const config = readApiConfig();
  const role = config.role === 'all' ? 'app' : 'api';
  const logger = createLogger(config.log, role);
  const wired = await wireSagas(config, logger, { role, connectionName: 'order-saga-api' });
  const { connector, changes, copies, commands, database, dependencies, metrics, notification, tracing } = wired;
  const replica = openReplica(database.db, config.database, logger);
  const feed = createOrderFeed(database.db, changes, logger);
  const workerRunner =
    config.role === 'all' ? startWorkerRunner(connector, config, dependencies, wired.starts) : undefined;
  const publisher =
    workerRunner && startPublishing(config, { database, changes, gateways: dependencies.gateways, logger });
  const inbox = workerRunner && startInboxRunner(wired.eventConsumer);
  const kafka = inbox && (await startConsuming(config.kafka, database, inbox, logger));
  const stallWatch = startStallWatch(connector, dependencies);
  const parts = {
    config,
    logger,
    database,
    commands,
    ...askTemporal(wired, config),
    announcer: dependencies.announcer,
    changes,
    feed,
    gateways: dependencies.gateways,
    replica,
    copies,
    isStopping: () => stopping.aborted,
  };
  const access = createAccess(parts);
  const api = createApi(parts, access);
  // The worker should be ready for the first order; while Temporal is unavailable, orders are accepted without it.
  await Promise.race([workerRunner?.started, delay(WORKER_WAIT_MS)]);
  const app = config.console ? await addConsole(api, { config: config.console, database, logger, access }) : api;
  const server = await listen(app, config.api);
  logger.info({ port: config.api.port, role: config.role }, 'listening');
  stopping.addEventListener('abort', server.sendAway);
  const grpc = config.grpc && (await serveGrpc(parts, access, config.grpc));
  if (grpc) {
    logger.info({ port: config.grpc?.port }, 'listening for gRPC');
    stopping.addEventListener('abort', grpc.sendAway);
  }
  const stop = async () => {
    const closed = Promise.all([server.close(OPEN_REQUESTS_LIMIT_MS), grpc?.close(OPEN_REQUESTS_LIMIT_MS)]);
    // Neither event streams nor requests that wait for an outcome end soon by themselves.
    feed.close();
    changes.endWaits();
    await closed;
    await Promise.all([
      stallWatch.stop(),
      kafka?.stop(),
      inbox?.stop(),
      workerRunner?.stop().then(() => publisher?.stop()),
    ]);
    await Promise.all([notification, changes, copies, connector, replica].map(async (one) => await one?.close()));
    await Promise.all([database.close(), metrics?.close(), tracing?.close()]);
  };
  return { stop, stopDelayMs: config.api.stopDelayMs };
});

/** What the API asks of Temporal beside what it asks of orders. */
function askTemporal({ connector, database: { db } }: Awaited<ReturnType<typeof wireSagas>>, config: Config) {
  return {
    importCommands: createImportCommands(connector, config),
    startResolution: createResolutionStart(connector, db, config),
    startReport: createPaymentReportStart(connector, db, config),
    describeWorkers: () => describeWorkers(connector, config),
    isTemporalReady: () => isTemporalReady(connector),
  };
}

interface ConsoleParts {
  readonly config: ConsoleConfig;
  readonly database: Database;
  readonly logger: Logger;
  readonly access: Access;
}

/** The API with the console beside it, which is loaded only where it is served. */
async function addConsole(api: ReturnType<typeof createApi>, { config, database, logger, access }: ConsoleParts) {
  const { openConsole } = await import('./console/open-console.ts');
  const { namespace = 'default' } = loadClientConnectConfig();
  const pages = openConsole({ config, db: database.db, logger, access, api, namespace });
  const fetch: typeof api.fetch = (request, bindings) =>
    /^https?:\/\/[^/]*\/console(?:[/?]|$)/.test(request.url)
      ? pages.fetch(request, bindings)
      : api.fetch(request, bindings);
  return { fetch };
}

/** Loaded only where it is served. */
async function serveGrpc(...opened: Parameters<typeof openGrpcDoor>) {
  // oxlint-disable-next-line no-restricted-imports -- where it is served
  const door = await import('./grpc/open-door.ts');
  return door.openGrpcDoor(...opened);
}
