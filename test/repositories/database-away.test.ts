import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { isDatabaseUnavailable, openDatabase, type Database } from '../../src/repositories/database.ts';
import { ping } from '../../src/repositories/ping.ts';
import { createTestDatabase } from '../setup/database.ts';
import { eventually } from '../setup/eventually.ts';
import { startOwnPostgres } from '../setup/servers.ts';
import { openOrders, someOrder } from './orders.ts';

let server: Awaited<ReturnType<typeof startOwnPostgres>>;
let url: string;
let database: Database;
let onServer: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  server = await startOwnPostgres();
  ({ url } = await createTestDatabase(server.url));
  database = openDatabase(url, { max: 4, name: 'test', onError: () => {} });
  onServer = await openOrders();
});

afterAll(async () => {
  await database.close();
  await onServer.close();
  await server.destroy();
});

const errorOf = (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => 'no error',
    (error: unknown) => error,
  );

test.each(['stop', 'crash'] as const)(
  'a server that is gone by %s is unavailable to statements under way, open connections and new ones, until it is back',
  async (end) => {
    const { db } = database;
    await Promise.all([ping(db), ping(db)]);
    const underWay = errorOf(sql`select pg_sleep(60)`.execute(db));
    await eventually(async () => {
      const { rows } = await sql`select 1 from pg_stat_activity where query = 'select pg_sleep(60)'`.execute(db);
      expect(rows).toHaveLength(1);
    });
    await server[end]();

    expect(isDatabaseUnavailable(await underWay)).toBe(true);
    const failures = await Promise.all(Array.from({ length: 6 }, () => errorOf(acceptOrder(db, someOrder(), null))));
    expect(failures.map(isDatabaseUnavailable)).toEqual(failures.map(() => true));
    const fresh = openDatabase(url, { max: 1, name: 'test', onError: () => {} });
    expect(isDatabaseUnavailable(await errorOf(ping(fresh.db)))).toBe(true);
    await fresh.close();

    await server.start();
    expect(await acceptOrder(db, someOrder(), null)).toMatchObject({ status: 'PENDING' });
  },
);

test('a port on which nothing listens and an unknown host are unavailable', async () => {
  for (const away of [`postgres://a@127.0.0.1:${await freePort()}/a`, 'postgres://a@nowhere.invalid/a']) {
    const none = openDatabase(away, { max: 1, name: 'test', onError: () => {} });
    expect(isDatabaseUnavailable(await errorOf(ping(none.db)))).toBe(true);
    await none.close();
  }
});

test("a pool without a free connection is unavailable before the caller's own limit", async () => {
  const narrow = openDatabase(onServer.url, { max: 1, name: 'test', onError: () => {} });
  await narrow.db.connection().execute(async () => {
    expect(isDatabaseUnavailable(await errorOf(ping(narrow.db)))).toBe(true);
  });
  await expect(ping(narrow.db)).resolves.toBeUndefined();
  await narrow.close();
});

test('a wrong statement is not taken for an unavailable database', async () => {
  const { db } = onServer;
  const order = someOrder();
  await acceptOrder(db, order, null);
  const wrong = [
    sql`selct 1`.execute(db),
    sql`select * from no_such_table`.execute(db),
    sql`select 1 / 0`.execute(db),
    acceptOrder(db, order, null),
    acceptOrder(db, someOrder({ totalMinor: 1 }), null),
  ];
  for (const error of await Promise.all(wrong.map(errorOf))) {
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseUnavailable(error)).toBe(false);
  }
  for (const other of ['no error', undefined, null, new Error('refused')])
    expect(isDatabaseUnavailable(other)).toBe(false);
});
