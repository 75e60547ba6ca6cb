import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { migrateToLatest } from '../../src/repositories/migrate.ts';
import { tableRights } from '../../src/repositories/running-role.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { administer, databaseUrl, runningRole } from '../setup/template-database.ts';

let testDatabase: TestDatabase;
let owner: Database;
let running: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const options = { max: 2, name: 'test', onError: () => {} };
  owner = openDatabase(testDatabase.url, options);
  running = openDatabase(testDatabase.runningUrl, options);
});

afterAll(async () => {
  await owner.close();
  await running.close();
  await testDatabase.drop();
});

const byName = (one: { table: string }, other: { table: string }) => one.table.localeCompare(other.table);

const runAs = (database: Database, statement: string) => sql.raw(statement).execute(database.db);

describe('the role that the product runs as', () => {
  test.each([
    ['drops no table', 'drop table orders cascade'],
    ['empties no table', 'truncate orders cascade'],
    ['changes no table', 'alter table orders add column x integer'],
    ['switches no constraint off', 'alter table orders disable trigger all'],
    ['makes no table', 'create table x (y integer)'],
    ['makes no schema', 'create schema x'],
    ['makes no index', 'create index x on orders (notes)'],
    ['makes no function', 'create function x() returns integer language sql as $$ select 1 $$'],
    ['makes no role', 'create role x'],
    ['makes no database', 'create database x'],
    ['becomes no other role', 'set role postgres'],
    ['reads no file of the server', "select pg_read_file('/etc/passwd')"],
    ['runs no program on the server', "copy (select 1) to program 'true'"],
    ['deletes no order', 'delete from orders'],
    ['deletes no history', 'delete from order_status_history'],
    ['rewrites no history', "update order_status_history set actor = 'x'"],
    ['rewrites no payment', 'update order_payment_transactions set amount_minor = 0'],
    ['deletes no audit', 'delete from audit_log'],
    ['rewrites no audit', "update audit_log set subject = 'x'"],
    ['touches no migration', 'delete from kysely_migration'],
    ['restarts no sequence', "select setval('order_number_seq', 1)"],
  ])('%s', async (_, statement) => {
    await expect(runAs(running, statement)).rejects.toThrow(/permission denied|must be owner|must be superuser/);
  });

  test('has exactly the rights that are written down, for every table', async () => {
    const { rows } = await sql<{ table: string; rights: string[] }>`
      select c.relname as table, array(
        select lower(p) from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) p
        where has_table_privilege(${runningRole.name}, c.oid, p)) as rights
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and c.relname not like 'kysely_migration%'`.execute(owner.db);
    const whole = Object.entries(tableRights).map(([table, rights]) => ({
      table,
      rights: rights.filter((right) => !right.includes('(')).toSorted(),
    }));
    expect(rows.map(({ table, rights }) => ({ table, rights: rights.toSorted() })).toSorted(byName)).toEqual(
      whole.toSorted(byName),
    );
  });
});

test('the migration makes the role that the product runs as, and takes from it what it should not have', async () => {
  const role = { name: `run_${Date.now()}`, password: "it's 'quoted'" };
  await migrateToLatest(testDatabase.url, role);
  await runAs(owner, `grant all on orders to ${role.name}; grant all on kysely_migration to ${role.name}`);
  await migrateToLatest(testDatabase.url, role);
  const own = openDatabase(databaseUrl(testDatabase.url, new URL(testDatabase.url).pathname.slice(1), role), {
    max: 1,
    name: 'test',
    onError: () => {},
  });
  await runAs(own, 'select from orders');
  await expect(runAs(own, 'delete from orders')).rejects.toThrow('permission denied');
  await expect(runAs(own, 'select from kysely_migration')).rejects.toThrow('permission denied');
  await own.close();
  await runAs(owner, `drop owned by ${role.name}`);
  await administer(inject('postgresUrl'), `drop role ${role.name}`);
});

test('several migrations at the same moment grant what they grant', async () => {
  await Promise.all([1, 2, 3, 4].map(() => migrateToLatest(testDatabase.url, runningRole)));
  await expect(runAs(running, 'select from orders')).resolves.toBeDefined();
});
