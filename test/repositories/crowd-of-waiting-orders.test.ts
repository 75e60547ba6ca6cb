import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countOrdersToStart, claimOrdersToStart } from '../../src/repositories/workflow-starts.ts';
import { findOpenWork } from '../../src/repositories/open-work.ts';
import { findQuietOrders } from '../../src/repositories/order-stalls.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { openOrders, withoutTimeLimit } from './orders.ts';

/** As many as come in a minute of a sale, and wait until the engine has taken them. */
const WAITING = 20_000;

let orders: Awaited<ReturnType<typeof openOrders>>;
beforeAll(async () => {
  orders = await openOrders();
  await withoutTimeLimit(orders.db, async (db) => {
    await sql`
      insert into orders (id, customer_id, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, payment_method,
        shipping_address, metadata, placed_by, workflow_started, created_at)
      select md5(n::text)::uuid, 'customer-' || n % 1000, 'EUR', 2500, 0, 0, 0, 2500, 'tok_ok', '{}', '{}', 'customer:x', n <= 10,
        now() - n * interval '10 milliseconds' - interval '5 seconds'
      from generate_series(1, ${WAITING}) n`.execute(db);
    await sql`analyze orders`.execute(db);
  });
});
afterAll(() => orders?.close());

const LIMIT = 100;

const looks: readonly [string, (db: Db) => Promise<unknown>][] = [
  ['whether something is to be started', findOpenWork],
  ['which are to be started next', (db) => claimOrdersToStart(db, LIMIT)],
  ['how many are to be started', (db) => countOrdersToStart(db, LIMIT)],
  ['which do not go on', (db) => findQuietOrders(db, LIMIT)],
];

test.each(looks)('while a crowd waits to be started, a look at %s reads little of it', async (_, look) => {
  // The first runs plan for what they are given; later ones may be by a plan for anything.
  for (let n = 0; n < 8; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await rowsReadBy(look)).toBeLessThan(10 * LIMIT);
  }
});

test('orders whose workflow was started and that do not go on are found among those that wait to be started', async () => {
  const found = await findQuietOrders(orders.db, LIMIT);
  const { rows } = await sql<{ id: string }>`select id from orders where workflow_started`.execute(orders.db);
  expect(found).toEqual(expect.arrayContaining(rows.map(({ id }) => id)));
});

/** Rows of orders that are read, by whatever way; what is written is taken back. */
async function rowsReadBy(look: (db: Db) => Promise<unknown>): Promise<number> {
  const transaction = await orders.db.startTransaction().execute();
  try {
    const before = await countRead(transaction);
    await look(transaction);
    return (await countRead(transaction)) - before;
  } finally {
    await transaction.rollback().execute();
  }
}

/** What this connection has read that PostgreSQL has not added to its statistics yet. */
async function countRead(db: Db): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as read from pg_stat_xact_user_tables where relid = 'orders'::regclass`.execute(
    db,
  );
  return rows[0]?.read ?? 0;
}
