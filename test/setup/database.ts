import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { administer, databaseUrl, runningRole, TEMPLATE_DATABASE } from './template-database.ts';

/** A database of its own, for one test file. */
export interface TestDatabase {
  url: string;
  /** The same as the role that the product runs as. */
  runningUrl: string;
  /** Drops it, with whatever sessions are still on it. */
  drop(): Promise<void>;
}

/** Makes a fresh database that has every migration applied, on the test run's server, or on another one that is given. */
export async function createTestDatabase(postgresUrl: string = inject('postgresUrl')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // file_copy, since with fsync off a copy of the files is quicker than writing every page to the log.
  await administer(postgresUrl, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  return {
    url: databaseUrl(postgresUrl, name),
    runningUrl: databaseUrl(postgresUrl, name, runningRole),
    drop: () => administer(postgresUrl, `drop database if exists ${name} with (force)`),
  };
}
