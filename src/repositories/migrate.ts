import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Migrator, FileMigrationProvider } from 'kysely/migration';
import { openDatabase } from './database.ts';

const migrationFolder = path.join(import.meta.dirname, '../../migrations');

/** Applies every migration that the database lacks and returns their names; safe to run from several processes at once. */
export async function migrateToLatest(databaseUrl: string): Promise<string[]> {
  const { db, close } = openDatabase(databaseUrl, { max: 2, name: 'order-saga-migrate', onError: () => {} });
  try {
    const provider = new FileMigrationProvider({ fs, path, migrationFolder });
    const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
    if (error !== undefined) throw error;
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await close();
  }
}
