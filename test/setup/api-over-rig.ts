import { createOrderFeed } from '../../src/events/order-feed.ts';
import { listenForOrderChanges } from '../../src/events/order-changes.ts';
import { createApi } from '../../src/http/app.ts';
import { describeWorkers } from '../../src/temporal/describe-workers.ts';
import { createResolutionStart } from '../../src/temporal/resolution-client.ts';
import type { SagaRig } from './saga-rig.ts';

/** The API over a saga rig's Temporal, database and services; its `changes` are to be closed. */
export function createApiOverRig({
  config,
  database,
  commands,
  importCommands,
  dependencies,
  sandbox,
  connector,
}: SagaRig) {
  const { logger, gateways, announcer } = dependencies;
  const changes = listenForOrderChanges(sandbox.databaseUrl, logger);
  const api = createApi({
    config,
    logger,
    database,
    commands,
    importCommands,
    startResolution: createResolutionStart(connector, database.db, config),
    startReport: () => Promise.resolve(),
    announcer,
    changes,
    feed: createOrderFeed(database.db, changes, logger),
    gateways,
    describeWorkers: () => describeWorkers(connector, config),
    isTemporalReady: () => Promise.resolve(true),
    isStopping: () => false,
  });
  return { api, changes };
}
