import { readConfig } from '../../../src/config.ts';
import { startDeliveryRunner } from '../../../src/events/webhooks/delivery-runner.ts';
import { createLogger } from '../../../src/logger.ts';
import { openDatabase } from '../../../src/repositories/database.ts';

// A process of its own that delivers to webhook endpoints until it is killed.
const config = readConfig();
const logger = createLogger(config.log, 'test');
const { db } = openDatabase(config.database.url, { max: 4, name: 'deliverer', onError: () => {} });
startDeliveryRunner({ db, settings: config.webhooks, policy: 'hold', logger });
process.stdout.write('started\n');
