import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Import } from '../../src/domain/import.ts';
import { cancelRest, recordOutcomes } from '../../src/repositories/import-orders.ts';
import { readProgress } from '../../src/repositories/import-repository.ts';
import { noteStock } from '../../src/repositories/import-stock.ts';
import { createMigrator } from '../../src/repositories/migrate.ts';
import { openOrders } from '../repositories/orders.ts';
import { insertWaitingOrders } from './waiting-orders.ts';

const MIGRATION = '20261128T1200_import_counts';
const ORDERS = 40;

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(async () => {
  await orders.close();
});

test('how many orders of an import have which state is right whatever becomes of them, from several connections at once', async () => {
  const id = await takeIn();
  expect(await readProgress(orders.db, { id, finalProgress: null })).toEqual({
    counts: { WAITING: ORDERS, PLACED: 0, CONFIRMED: 0, FAILED: 0, REPEATED: 0, CANCELLED: 0 },
    placed: 0,
    errorRows: 0,
  });

  await settle(id);
  const after = await readProgress(orders.db, { id, finalProgress: null });
  expect(after.counts).toEqual({ WAITING: 10, PLACED: 5, CONFIRMED: 5, FAILED: 10, REPEATED: 10, CANCELLED: 0 });
  expect(after).toEqual(await countByHand(id));

  await cancelRest(orders.db, id);
  const cancelled = await readProgress(orders.db, { id, finalProgress: null });
  expect(cancelled.counts).toMatchObject({ WAITING: 0, CANCELLED: 10 });
  expect(cancelled).toEqual(await countByHand(id));
});

test('an import that is under way while the counts come into being is counted as it stands, and one that is over keeps what it has', async () => {
  const id = await takeIn();
  await settle(id);
  const before = await readProgress(orders.db, { id, finalProgress: null });
  const migrator = createMigrator(orders.db);
  await migrator.migrateTo(await migrationBefore(MIGRATION));
  await migrator.migrateToLatest();

  expect(await readProgress(orders.db, { id, finalProgress: null })).toEqual(before);
  await cancelRest(orders.db, id);
  expect(await readProgress(orders.db, { id, finalProgress: null })).toEqual(await countByHand(id));
});

async function migrationBefore(name: string): Promise<string> {
  const names = (await createMigrator(orders.db).getMigrations()).map((migration) => migration.name);
  return names[names.indexOf(name) - 1] ?? '';
}

async function takeIn(): Promise<string> {
  const id = uuidv7();
  await insertWaitingOrders(
    orders.db,
    id,
    Array.from({ length: ORDERS }, (_, n) => `order-${n}`),
  );
  return id;
}

/** Places ten, of which five are confirmed; fails ten, and finds ten on record, five of them with a difference. Ten wait. */
async function settle(id: string): Promise<void> {
  const failure = { code: 'ORDER_DIFFERS', message: 'The file says something else.', details: [] };
  const placed = Array.from({ length: 10 }, (_, n) => ({ position: n, orderId: uuidv7() }));
  await noteStock(orders.db, id, [0, 1, 2]);
  await Promise.all([
    recordOutcomes(
      orders.db,
      id,
      placed.map((one) => ({ ...one, state: 'PLACED', failure: null })),
    ),
    recordOutcomes(
      orders.db,
      id,
      Array.from({ length: 10 }, (_, n) => ({ position: 10 + n, orderId: null, state: 'FAILED', failure })),
    ),
    recordOutcomes(
      orders.db,
      id,
      Array.from({ length: 10 }, (_, n) => ({
        position: 20 + n,
        orderId: uuidv7(),
        state: 'REPEATED',
        failure: n < 5 ? failure : null,
      })),
    ),
  ]);
  await recordOutcomes(
    orders.db,
    id,
    placed.slice(0, 5).map((one) => ({ ...one, state: 'CONFIRMED', failure: null })),
  );
}

async function countByHand(id: Import['id']) {
  const { rows } = await sql<{ state: string; order_id: string | null; line_count: number; has_failure: boolean }>`
    select state, order_id, line_count, failure is not null as has_failure from import_orders where import_id = ${id}`.execute(
    orders.db,
  );
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  return {
    counts: Object.fromEntries(
      ['WAITING', 'PLACED', 'CONFIRMED', 'FAILED', 'REPEATED', 'CANCELLED'].map((state) => [state, count(state)]),
    ),
    placed: rows.filter(({ state, order_id: orderId }) => orderId !== null && state !== 'REPEATED').length,
    errorRows: rows
      .filter(({ state, has_failure: hasFailure }) => hasFailure || state === 'FAILED' || state === 'CANCELLED')
      .reduce((sum, { line_count: lines }) => sum + lines, 0),
  };
}
