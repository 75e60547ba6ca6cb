import { listenForOrderChanges } from '../../../src/events/order-changes.ts';
import { startPublishing } from '../../../src/events/outbox-publisher.ts';
import { startConsuming } from '../../../src/events/start-consuming.ts';
import { readSagaConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/logger.ts';
import { openDatabase } from '../../../src/repositories/database.ts';

/** What a worker does with Kafka, without sagas: a process for tests to kill. */
const config = readSagaConfig();
const logger = createLogger(config.log, 'worker');
const options = { max: config.database.poolMax, keys: undefined, name: 'kafka', onError: () => undefined };
const database = openDatabase(config.database.url, options);
const changes = listenForOrderChanges(config.database.url, logger);
startPublishing(config, { database, changes, logger });
await startConsuming(config.kafka, database, { wake: () => undefined }, logger);
process.stdout.write('working\n');
