import { sql, type RawBuilder } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { someOrder } from './orders.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { max: 4, name: 'test', onError: () => {} });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** A row of each table whose foreign key is checked once a statement. */
const inserts: Readonly<Record<string, (orderId: string) => RawBuilder<unknown>>> = {
  order_items: (id) => sql`
    insert into order_items (id, order_id, position, product_id, sku, name, unit_price_minor, quantity)
    values (${uuidv7()}, ${id}, 90, 'p', 's', 'n', 1, 1)`,
  order_status_history: (id) => sql`
    insert into order_status_history (order_id, version, to_status, actor, transition_key) values (${id}, 90, 'PENDING', 'a', 'k')`,
  order_payment_transactions: (id) => sql`
    insert into order_payment_transactions (idempotency_key, order_id, kind, status, amount_minor, currency, payment_method)
    values (${uuidv7()}, ${id}, 'CHARGE', 'CAPTURED', 1, 'EUR', 'tok')`,
  order_shipments: (id) => sql`
    insert into order_shipments (order_id, shipment_key, items, actor) values (${id}, 'k', '[]', 'a')`,
};

async function place(): Promise<string> {
  const order = someOrder();
  await acceptOrder(database.db, order, null);
  return order.id;
}

const refused = { code: '23503' };

describe.each(Object.entries(inserts))('%s', (table, insert) => {
  const rowsOf = async (id: string) =>
    (await sql`select from ${sql.id(table)} where order_id = ${id}`.execute(database.db)).rows.length;

  test('has no row without its order, and none that changes its order', async () => {
    await expect(insert(uuidv7()).execute(database.db)).rejects.toMatchObject(refused);
    const [one, other] = [await place(), await place()];
    await insert(one).execute(database.db);
    const moved = sql`update ${sql.id(table)} set order_id = ${other} where order_id = ${one}`;
    await expect(moved.execute(database.db)).rejects.toMatchObject(refused);
    const renamed = sql`update orders set id = ${uuidv7()} where id = ${one}`;
    await expect(renamed.execute(database.db)).rejects.toMatchObject(refused);
  });

  test('loses the rows of an order that is deleted, and no others', async () => {
    const [one, other] = [await place(), await place()];
    for (const id of [one, other]) await insert(id).execute(database.db);
    await sql`delete from orders where id = ${one}`.execute(database.db);
    expect([await rowsOf(one), (await rowsOf(other)) > 0]).toEqual([0, true]);
  });

  test('leaves no row behind when its order is deleted while it is written', async () => {
    const id = await place();
    let deleted: Promise<unknown> = Promise.resolve();
    await database.db.transaction().execute(async (transaction) => {
      await insert(id).execute(transaction);
      deleted = sql`delete from orders where id = ${id}`.execute(database.db);
      await waitForLock();
    });
    await deleted;
    expect(await rowsOf(id)).toBe(0);
  });

  test('takes no row of an order that is about to be deleted', async () => {
    const id = await place();
    let inserted: Promise<unknown> = Promise.resolve();
    await database.db.transaction().execute(async (transaction) => {
      await sql`delete from orders where id = ${id}`.execute(transaction);
      inserted = insert(id).execute(database.db);
      inserted.catch(() => {});
      await waitForLock();
    });
    await expect(inserted).rejects.toMatchObject(refused);
    expect(await rowsOf(id)).toBe(0);
  });
});

/** Until another session of this database waits for a lock. */
async function waitForLock(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          database.db,
        );
        return rows.length;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
}
