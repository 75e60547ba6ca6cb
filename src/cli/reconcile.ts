import { readSagaConfig } from '../config.ts';
import { listenForOrderChanges } from '../events/order-changes.ts';
import { publishNow } from '../events/outbox-publisher.ts';
import { createLogger } from '../logger.ts';
import { openDatabase } from '../repositories/database.ts';
import { connectTemporal } from '../temporal/connection.ts';
import { reconcile } from '../temporal/reconciler/reconcile.ts';
import { limitStarts } from '../temporal/starting/limit-starts.ts';
import { installRuntime } from '../worker/worker.ts';
import { readRunningSystem } from './local-system/running-system.ts';

/** Runs the reconciler once over every order and prints its report. Exit code 1 when it failed. */
try {
  const running = readRunningSystem();
  process.env['TEMPORAL_ADDRESS'] ??= running?.temporalAddress;
  process.env['TEMPORAL_NAMESPACE'] ??= running?.temporalNamespace;
  const config = readSagaConfig({
    LOG_LEVEL: 'error',
    DATABASE_URL: running?.databaseUrl,
    ...process.env,
    ROLE: 'worker',
  });
  const logger = createLogger(config.log, 'reconcile');
  installRuntime(logger, { keys: config.payloadKeys });
  const database = openDatabase(config.database.url, {
    max: 8,
    keys: config.payloadKeys,
    name: 'order-saga-reconcile',
    onError: () => {},
  });
  const temporal = await connectTemporal(logger, AbortSignal.timeout(10_000), config.payloadKeys);
  const publishOutbox = () => publishNow(config, database, logger);
  const changes = listenForOrderChanges(config.database.url, logger);
  const startLimiter = limitStarts(database.db, config, changes);
  const report = await reconcile(
    { db: database.db, temporal, config, logger, startLimiter, publishOutbox },
    { everything: true },
  );
  await changes.close();
  await temporal.connection.close();
  await database.close();
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
  else print(report);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function print({ orders, ...counts }: Awaited<ReturnType<typeof reconcile>>): void {
  for (const [name, count] of Object.entries(counts)) console.log(`${name.replaceAll('_', ' ').padEnd(17)}${count}`);
  for (const { order_id, outcome, what } of orders) console.log(`${order_id}  ${outcome}: ${what}`);
}
