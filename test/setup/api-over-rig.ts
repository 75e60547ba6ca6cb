import { createOrderFeed } from '../../src/events/order-feed.ts';
import { listenForOrderChanges } from '../../src/events/order-changes.ts';
import { createApi } from '../../src/http/app.ts';
import type { SagaRig } from './saga-rig.ts';

/** The API over a saga rig's Temporal, database and services; its `changes` are to be closed. */
export function createApiOverRig({ config, database, commands, importCommands, dependencies, sandbox }: SagaRig) {
  const { logger, gateways, announcer } = dependencies;
  const changes = listenForOrderChanges(sandbox.databaseUrl, logger);
  const api = createApi({
    config,
    logger,
    database,
    commands,
    importCommands,
    startResolution: () => Promise.resolve(),
    startReport: () => Promise.resolve(),
    announcer,
    changes,
    feed: createOrderFeed(database.db, changes, logger),
    gateways,
    isTemporalReady: () => Promise.resolve(true),
    isStopping: () => false,
  });
  return { api, changes };
}
