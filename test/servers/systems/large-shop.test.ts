import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedOrders } from '../../../bench/seed-orders.ts';
import { eventually } from '../../setup/eventually.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';

/** Tables of a shop that has been open for long: reading one whole shows beside what an order reads. */
const PAST = 20_000;

const ORDERS = 10;

let system: TestSystem;
let admin: pg.Client;
beforeAll(async () => {
  system = await startTestSystem({ ORDER_WAIT: '30s', RECONCILE_INTERVAL: '24d' });
  const { databaseAdminUrl } = system.running();
  admin = new pg.Client({ connectionString: databaseAdminUrl });
  await admin.connect();
  await seedOrders(databaseAdminUrl!, PAST, () => {});
});
afterAll(async () => {
  // Nothing more is known of the past than how long it is.
  await admin?.query(`delete from outbox where type = 'past'`);
  await admin?.end();
  await system?.destroy();
});

/** Gives every sink a past of so many events, all of which it has. */
async function seedEvents(): Promise<void> {
  await admin.query('begin');
  // Nobody else numbers events meanwhile.
  await admin.query('select from event_sequence for update');
  await admin.query(
    `with past as (
      select id, row_number() over (order by id) + (select position from event_sequence) as position from orders where placed_by = 'service:seed'
    ),
    written as (
      insert into outbox (subject_id, type, payload, position, sequenced_at)
      select id, 'past', '{}', position, now() from past returning position
    ),
    moved as (update event_sinks set position = (select max(position) from written))
    update event_sequence set position = (select max(position) from written)`,
  );
  await admin.query('commit');
  await admin.query('vacuum (analyze) outbox');
}

/** Rows that were read of each large table since the database was made: whole tables, and by their indexes. */
async function readRows(): Promise<Record<string, number>> {
  const { rows } = await admin.query<{ table: string; rows: number }>(
    `select relname as table, (seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_user_tables
     where schemaname = 'public' and n_live_tup >= $1`,
    [PAST / 2],
  );
  return Object.fromEntries(rows.map(({ table, rows: read }) => [table, read]));
}

async function place(): Promise<void> {
  const { status, body } = await system.call('POST', '/orders', { body: teaOrder });
  expect([status, body.status]).toEqual([201, 'CONFIRMED']);
}

async function publishedAll(): Promise<void> {
  await eventually(async () => {
    const { rows } = await admin.query(
      `select from event_sinks s, event_sequence q
       where s.position < q.position or exists (select from outbox where position is null)`,
    );
    expect(rows).toHaveLength(0);
  });
}

test('an order reads no more in a shop with a long past than in a new one', async () => {
  await seedEvents();
  await place();
  await publishedAll();
  const before = await readRows();
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['orders', 'outbox', 'order_items', 'order_search']));
  for (let n = 0; n < ORDERS; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that each is published by itself
    await place();
    // oxlint-disable-next-line no-await-in-loop
    await publishedAll();
  }
  // PostgreSQL counts what a connection has read once it has been idle for a moment.
  await admin.query('select pg_stat_force_next_flush()');
  let settled = await readRows();
  await eventually(async () => {
    const now = await readRows();
    const isStill = JSON.stringify(now) === JSON.stringify(settled);
    settled = now;
    expect(isStill).toBe(true);
  });
  const read = Object.fromEntries(
    Object.entries(settled).map(([table, rows]) => [table, Math.round((rows - (before[table] ?? 0)) / ORDERS)]),
  );
  for (const rows of Object.values(read)) expect(rows).toBeLessThan(PAST / 100);
});
