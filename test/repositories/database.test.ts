import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isDatabaseUnavailable, openDatabase, type Database } from '../../src/repositories/database.ts';
import { ping } from '../../src/repositories/ping.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { max: 3, name: 'test', onError: () => {} });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

test('a connection that breaks while it is in use fails the next statement, and neither the process nor later statements', async () => {
  const { db } = database;
  const failure = await db.connection().execute(async (held) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held);
    await sql`select pg_terminate_backend(${rows[0]?.pid}::integer, 5000)`.execute(db);
    return ping(held).catch((error: unknown) => error);
  });
  expect(isDatabaseUnavailable(failure)).toBe(true);
  await expect(ping(db)).resolves.toBeUndefined();
});
