import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Migrator, FileMigrationProvider } from 'kysely/migration';
import { openAnalytics, type Analytics } from './analytics.ts';
import { openDatabase } from './database.ts';
import { grantRunningRole, type DatabaseRole } from './running-role.ts';
import type { Db } from './schema.ts';

const migrationFolder = path.join(import.meta.dirname, '../../migrations');

/**
 * Applies every migration that the database lacks and returns their names; then gives `runningRole` what it needs, if one is given, and
 * serves analysts as `analytics` says.
 * Safe to run from several processes at once.
 */
export async function migrateToLatest(
  databaseUrl: string,
  runningRole?: DatabaseRole,
  analytics: Analytics = {},
): Promise<string[]> {
  const { db, close } = openDatabase(databaseUrl, { max: 2, name: 'order-saga-migrate', onError: () => {} });
  try {
    const { error, results } = await createMigrator(db).migrateToLatest();
    if (error !== undefined) throw error;
    if (runningRole !== undefined) await grantRunningRole(db, runningRole);
    await openAnalytics(db, analytics);
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await close();
  }
}

/** The migrations of `migrations/`, to be applied or reverted one at a time. */
export function createMigrator(db: Db): Migrator {
  return new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) });
}
