import { IllegalStateError } from '@temporalio/common';
import { inject } from 'vitest';
import type { ActivityDependencies } from '../../activities/index.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { createAnnouncer } from '../../src/events/order-announcer.ts';
import { listenForOrderChanges } from '../../src/events/order-changes.ts';
import { publishNow } from '../../src/events/outbox-publisher.ts';
import { createGateways } from '../../src/gateways/index.ts';
import { createImportPlacer } from '../../src/imports/place-import-order.ts';
import type { KeyRing } from '../../src/key-ring.ts';
import { createLogger, type Logger } from '../../src/logger.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { stripeRecords } from '../../src/repositories/stripe-intents.ts';
import { withClient, type TemporalConnection, type TemporalConnector } from '../../src/temporal/connection.ts';
import { createImportCommands } from '../../src/temporal/import-client.ts';
import { createOrderCommands } from '../../src/temporal/order-client.ts';
import { reconcile } from '../../src/temporal/reconciler/reconcile.ts';
import { runRelay } from '../../src/temporal/relay.ts';
import { limitStarts } from '../../src/temporal/starting/limit-starts.ts';
import { createOrderWorker, installRuntime } from '../../src/worker/worker.ts';
import { startTestSandbox } from '../dev/sandbox/sandbox.ts';
import type { TestNamespace } from './temporal.ts';

/** What an order passes through, put together as the product does it. */
export async function startSagaParts(
  settings: Record<string, string>,
  makeEngine: () => Promise<TestNamespace>,
  givenLogger: Logger | undefined,
) {
  installSilentRuntime();
  const { PAYMENT_WEBHOOK_URL: url, PAYMENT_WEBHOOK_SECRET: secret } = settings;
  const sandbox = await startTestSandbox(url && secret ? { url, secret } : undefined);
  const engine = await makeEngine();
  const config = configFor(sandbox, engine, settings);
  const temporal: TestNamespace & TemporalConnection = config.payloadKeys
    ? { ...engine, ...encryptedWith(engine, config.payloadKeys) }
    : engine;
  const logger = givenLogger ?? createLogger(config.log, 'test');
  const database = openDatabase(sandbox.runningUrl, {
    max: 8,
    name: 'test',
    onError: () => {},
    keys: config.payloadKeys,
  });
  const owner = openDatabase(sandbox.databaseUrl, { max: 4, name: 'test', onError: () => {} });
  const { db } = database;
  const gateways = createGateways(config.gateways, logger, { records: stripeRecords(db) });
  const announcer = createAnnouncer(database.pool, logger);
  const dependencies: ActivityDependencies = { db, logger, gateways, announcer };
  const connector: TemporalConnector = {
    current: () => temporal,
    ready: Promise.resolve(temporal),
    close: () => Promise.resolve(),
  };
  const changes = listenForOrderChanges(sandbox.databaseUrl, logger);
  const startLimiter = limitStarts(db, config, changes);
  const commands = createOrderCommands(connector, db, config, startLimiter);
  const placeImportOrder = createImportPlacer({ db, gateways, commands, rules: config.order, logger });
  const publishOutbox = () => publishNow(config, database, logger);
  return {
    config,
    /** The product's database, in which a test may do what the product may not. */
    database: {
      ...database,
      db: owner.db,
      pool: owner.pool,
      close: async () => {
        await changes.close();
        await database.close();
        await owner.close();
      },
    },
    db: owner.db,
    startLimiter,
    connector,
    temporal,
    sandbox,
    commands,
    importCommands: createImportCommands(connector, config),
    dependencies,
    /** A pass of the reconciler, with other keys if `as` says so. */
    reconcile: (options: { everything: boolean }, as: TemporalConnection = temporal) =>
      reconcile({ db, temporal: as, config, logger, startLimiter, publishOutbox }, options),
    /** Starts what was accepted and not started, until the function that it returns is called. */
    startRelay: (): (() => Promise<void>) => {
      const stopping = new AbortController();
      const relay = runRelay({ db, temporal, config, logger, startLimiter }, stopping.signal);
      return async () => {
        stopping.abort();
        await relay;
      };
    },
    /** Runs a worker, with other keys if `as` says so and other settings of workers if `own` does, until the function that it returns is called. */
    runWorker: async (
      as: TemporalConnection = temporal,
      own: Partial<Config['worker']> = {},
    ): Promise<() => Promise<void>> => {
      const tools = { placeImportOrder, commands, startLimiter, publishOutbox };
      const ownConfig = { ...config, worker: { ...config.worker, ...own } };
      const worker = await createOrderWorker(as, ownConfig, dependencies, tools);
      const run = worker.run();
      return async () => {
        worker.shutdown();
        await run;
      };
    },
  };
}

/** The SDK's runtime is one a process, from its first connection until its last is closed. */
function installSilentRuntime(): void {
  try {
    installRuntime(createLogger({ level: 'silent', format: 'json' }, 'test'));
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}

/** The connection as it is under these keys. */
export function encryptedWith(
  { connection, namespace }: Pick<TemporalConnection, 'connection' | 'namespace'>,
  keys: KeyRing | undefined,
): TemporalConnection {
  return withClient(connection, namespace, keys);
}

function configFor(
  sandbox: Awaited<ReturnType<typeof startTestSandbox>>,
  temporal: TestNamespace,
  settings: Record<string, string>,
) {
  return readConfig({
    ROLE: 'all',
    WORKFLOW_BUNDLE: inject('workflowBundle'),
    LOG_LEVEL: 'silent',
    DATABASE_URL: sandbox.runningUrl,
    TEMPORAL_TASK_QUEUE: temporal.taskQueue,
    INVENTORY_URL: sandbox.url,
    PAYMENT_URL: sandbox.url,
    CUSTOMER_URL: sandbox.url,
    NOTIFICATION_URL: sandbox.url,
    ...settings,
    ...(settings['REVIEW_URL'] === 'sandbox' && { REVIEW_URL: sandbox.url }),
  });
}
