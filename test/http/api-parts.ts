import { readConfig } from '../../src/config.ts';
import { createAnnouncer } from '../../src/events/order-announcer.ts';
import { listenForOrderChanges } from '../../src/events/order-changes.ts';
import { createOrderFeed } from '../../src/events/order-feed.ts';
import { createGateways } from '../../src/gateways/index.ts';
import { createLogger, type Logger } from '../../src/logger.ts';
import { stripeRecords } from '../../src/repositories/stripe-intents.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { requiredSettings } from '../setup/settings.ts';
import { scriptedCommands } from './scripted-commands.ts';

export const JWT_SECRET = 'a secret for tests that is long enough';

const workers = {
  taskQueue: 'orders',
  workers: [
    { identity: '1@host', buildId: 'one', takes: ['workflows', 'activities'] as const, lastAskedAt: new Date(0) },
  ],
  backlog: { tasks: 2, oldestMs: 1_500 },
  currentBuildId: 'one',
  ramping: { buildId: 'two', percent: 10 },
};

/** What an API with scripted sagas is made of, over the sandbox at `url` and its database. */
export function openApiParts(
  sandbox: { url: string; databaseUrl: string },
  { settings, logger: given }: { settings?: Record<string, string> | undefined; logger?: Logger | undefined } = {},
) {
  const services = { INVENTORY_URL: sandbox.url, CUSTOMER_URL: sandbox.url, PAYMENT_URL: sandbox.url };
  const own = { LOG_LEVEL: 'silent', RATE_LIMIT: '0', JWT_SECRET };
  const config = readConfig({ ...requiredSettings, ...own, ...services, ...settings });
  const logger = given ?? createLogger(config.log, 'test');
  const database = openDatabase(sandbox.databaseUrl, { max: 8, name: 'test', onError: () => {} });
  const changes = listenForOrderChanges(sandbox.databaseUrl, logger);
  const announcer = createAnnouncer(database.pool, logger);
  const commands = scriptedCommands(database.db, announcer);
  const importCommands = { start: () => Promise.resolve(), send: () => Promise.resolve(false) };
  const gateways = createGateways(config.gateways, logger, { records: stripeRecords(database.db) });
  const isTemporalReady = () => Promise.resolve(commands.mode === 'up');
  const feed = createOrderFeed(database.db, changes, logger);
  return {
    config,
    logger,
    database,
    commands,
    importCommands,
    startResolution: () => Promise.resolve(),
    startReport: () => Promise.resolve(),
    announcer,
    changes,
    feed,
    gateways,
    describeWorkers: () => Promise.resolve(workers),
    isTemporalReady,
    isStopping: () => false,
  };
}
