import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { createMigrator, migrateToLatest } from '../../src/repositories/migrate.ts';
import { administer, databaseUrl } from '../setup/template-database.ts';
import { openOrders } from './orders.ts';

const name = `test_${randomBytes(6).toString('hex')}`;
let empty: Database;

beforeEach(async () => {
  await administer(inject('postgresUrl'), `create database ${name}`);
  empty = openDatabase(databaseUrl(inject('postgresUrl'), name), { max: 2, name: 'test', onError: () => {} });
});

afterEach(async () => {
  await empty.close();
  await administer(inject('postgresUrl'), `drop database ${name} with (force)`);
});

test('every migration, reverted, leaves the schema as it was before, and applied again, makes the same schema', async () => {
  const migrator = createMigrator(empty.db);
  const migrations = await migrator.getMigrations();
  expect(migrations.length).toBeGreaterThan(0);
  for (const _ of migrations) {
    const before = await schemaOf(empty);
    await succeeds(migrator.migrateUp());
    const after = await schemaOf(empty);
    expect(after).not.toEqual(before);
    await succeeds(migrator.migrateDown());
    expect(await schemaOf(empty)).toEqual(before);
    await succeeds(migrator.migrateUp());
    expect(await schemaOf(empty)).toEqual(after);
  }
  for (const _ of migrations) await succeeds(migrator.migrateDown());
  expect(await schemaOf(empty)).toEqual([]);
});

test('migrating from several processes concurrently applies each migration once', async () => {
  const url = databaseUrl(inject('postgresUrl'), name);
  const applied = await Promise.all([1, 2, 3].map(() => migrateToLatest(url)));
  const names = (await createMigrator(empty.db).getMigrations()).map((migration) => migration.name);
  expect(applied.flat().toSorted()).toEqual(names.toSorted());
  expect(await migrateToLatest(url)).toEqual([]);
});

test('a test file gets a database that has every migration applied', async () => {
  await migrateToLatest(databaseUrl(inject('postgresUrl'), name));
  const orders = await openOrders();
  expect(await schemaOf(orders)).toEqual(await schemaOf(empty));
  await orders.close();
});

async function succeeds(
  running: Promise<{ error?: unknown; results?: readonly unknown[] | undefined }>,
): Promise<void> {
  const { error, results } = await running;
  expect(error).toBeUndefined();
  expect(results).toHaveLength(1);
}

/** Columns, constraints, indexes, sequences, functions, views and triggers of all schemas, but for the migrator's own. */
async function schemaOf({ db }: Pick<Database, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select line from (
      select concat_ws(' ', 'column', table_schema, table_name,
        -- Their order and not their numbers, which a column that was dropped keeps.
        rank() over (partition by table_schema, table_name order by ordinal_position), column_name, udt_name, is_nullable, column_default,
        is_identity, is_generated) as line
      from information_schema.columns where table_schema = any(${schemas})
      union all select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace::regnamespace::text = any(${schemas})
      union all select concat_ws(' ', 'index', indexdef) from pg_indexes where schemaname = any(${schemas})
      union all select concat_ws(' ', 'sequence', sequencename, data_type, start_value) from pg_sequences where schemaname = any(${schemas})
      union all select concat_ws(' ', 'view', schemaname, viewname, definition) from pg_views where schemaname = any(${schemas})
      union all select concat_ws(' ', 'function', proname, prosrc) from pg_proc where pronamespace::regnamespace::text = any(${schemas})
      union all select concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
    ) as lines where line not like '%kysely_migration%' order by line`.execute(db);
  return rows.map(({ line }) => line);
}

const schemas = ['public', 'archive', 'analytics'];
