import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { requireKnownEvents } from './require-known-events.ts';
import { administer, databaseUrl, runningRole, TEMPLATE_DATABASE } from './template-database.ts';

/** A database of its own, for one test file. */
export interface TestDatabase {
  url: string;
  /** The same as the role that the product runs as. */
  runningUrl: string;
  /** Drops it, with whatever sessions are still on it; fails when an event in it is not as the catalogue has it. */
  drop(): Promise<void>;
}

/** Makes a fresh database that has every migration applied, on the test run's server, or on another one that is given. */
export async function createTestDatabase(postgresUrl: string = inject('postgresUrl')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // file_copy, since with fsync off a copy of the files is quicker than writing every page to the log.
  await administer(postgresUrl, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const url = databaseUrl(postgresUrl, name);
  return {
    url,
    runningUrl: databaseUrl(postgresUrl, name, runningRole),
    drop: async () => {
      try {
        // A test may have barred everybody from it.
        await administer(postgresUrl, `alter database ${name} allow_connections true`);
        await requireKnownEvents(url);
      } finally {
        await administer(postgresUrl, `drop database if exists ${name} with (force)`);
      }
    },
  };
}
