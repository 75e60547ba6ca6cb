import pg from 'pg';
import type { DatabaseRole } from '../../src/repositories/running-role.ts';
import { migrateToLatest } from '../../src/repositories/migrate.ts';

/** Of the superuser of the tests' servers. */
export const POSTGRES_PASSWORD = 'superuser-of-a-test-run';

/** The role that a test runs the product as where it shows what the product may do. */
export const runningRole = { name: 'orders', password: 'running-role-of-a-test-run' };

/** The database that has every migration applied and is only ever copied. */
export const TEMPLATE_DATABASE = 'template_orders';

/** Makes the template on the server of `postgresUrl`, once per run, so that a test file's database is a quick copy. */
export async function createTemplateDatabase(postgresUrl: string): Promise<void> {
  await administer(postgresUrl, `create database ${TEMPLATE_DATABASE}`);
  await migrateToLatest(databaseUrl(postgresUrl, TEMPLATE_DATABASE), runningRole);
}

/** The address of another database on the same server, as another role if one is given. */
export function databaseUrl(postgresUrl: string, database: string, role?: DatabaseRole): string {
  const url = new URL(postgresUrl);
  if (role !== undefined) Object.assign(url, { username: role.name, password: role.password });
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement that can't be part of a transaction, such as `create database`. */
export async function administer(postgresUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(postgresUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
