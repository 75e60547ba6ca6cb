import { ConfigError, readMigrateConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { migrateToLatest } from './repositories/migrate.ts';

/** Brings the database to the latest schema, then ends. */
try {
  const config = readMigrateConfig();
  const logger = createLogger(config.log, 'migrate');
  const applied = await migrateToLatest(config.databaseUrl, config.runningRole, config.analytics);
  logger.info({ applied }, 'database is up to date');
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
