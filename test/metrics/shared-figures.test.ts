import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRegistry } from '../../src/metrics/create-registry.ts';
import { createSharedFigures } from '../../src/metrics/shared-figures.ts';
import { acceptOrder, acceptOrders } from '../../src/repositories/accept-order.ts';
import {
  claimSnapshot,
  RECONCILER_PASS,
  readSnapshot,
  writeSnapshot,
} from '../../src/repositories/metric-snapshots.ts';
import { measureOrders } from '../../src/repositories/order-figures.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { captureLog } from '../setup/captured-log.ts';
import { openOrders, someOrder, transitionTo } from '../repositories/orders.ts';

const STUCK_AFTER_MS = 300_000;

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(async () => {
  await orders.db.deleteFrom('orders').execute();
  await orders.db.deleteFrom('outbox').execute();
  await orders.db.deleteFrom('metric_snapshots').execute();
});
afterAll(() => orders.close());

/** A process that shows its metrics. */
function openProcess(db = orders.db) {
  const registry = createRegistry();
  const shared = createSharedFigures(
    db,
    { sinks: ['sse'], stuckAfterMs: STUCK_AFTER_MS },
    registry.gauges,
    captureLog().logger,
  );
  return {
    scrape: async () => {
      await shared.refresh();
      return registry.render();
    },
  };
}

const counted = async () => {
  const { rows } = await sql<{ status: string; orders: number }>`
    select status, count(*) as orders from orders group by status`.execute(orders.db);
  return Object.fromEntries(rows.map((row) => [row.status, row.orders]));
};

const kept = async () => {
  const { current } = await measureOrders(orders.db, STUCK_AFTER_MS);
  return Object.fromEntries(Object.entries(current).filter(([, count]) => count !== 0));
};

test('orders by status are as many as there are, whatever was written by whom at the same time', async () => {
  const accepted = await acceptOrders(
    orders.db,
    Array.from({ length: 40 }, () => ({ order: someOrder(), key: null })),
  );
  const ids = accepted.flatMap((order) => order?.id ?? []);
  await Promise.all(
    ids.map((id, index) => transitionOrder(orders.db, transitionTo(id, index % 3 === 0 ? 'CANCELLED' : 'CONFIRMED'))),
  );
  // A repeat and a rollback count nothing.
  await transitionOrder(orders.db, transitionTo(ids[1]!, 'CONFIRMED'));
  await orders.db
    .transaction()
    .execute(async (transaction) => {
      await acceptOrder(transaction, someOrder(), null);
      throw new Error('rolled back');
    })
    .catch(() => {});
  await orders.db.deleteFrom('orders').where('id', '=', ids[0]!).execute();
  expect(await kept()).toEqual(await counted());
});

test('one process measures, and the others show what it has measured', async () => {
  await acceptOrder(orders.db, someOrder(), null);
  const first = await openProcess().scrape();
  expect(first).toContain('orders_current{status="PENDING"} 1');
  await acceptOrder(orders.db, someOrder(), null);
  const others = await Promise.all(Array.from({ length: 5 }, () => openProcess().scrape()));
  for (const text of others) expect(text).toContain('orders_current{status="PENDING"} 1');
  await orders.db
    .updateTable('metric_snapshots')
    .set({ taken_at: sql`now() - interval '6 seconds'`, claimed_at: sql`now() - interval '6 seconds'` })
    .execute();
  expect(await openProcess().scrape()).toContain('orders_current{status="PENDING"} 2');
});

test('of many processes that ask at once one measures, and another one when that one has died', async () => {
  const lease = { maxAgeMs: 5_000, leaseMs: 3_000 };
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimSnapshot(orders.db, 'x', lease)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  await orders.db
    .updateTable('metric_snapshots')
    .set({ claimed_at: sql`now() - interval '4 seconds'` })
    .execute();
  expect(await claimSnapshot(orders.db, 'x', lease)).toBe(true);
  await writeSnapshot(orders.db, 'x', { n: 1 });
  await orders.db
    .updateTable('metric_snapshots')
    .set({ claimed_at: sql`now() - interval '4 seconds'` })
    .execute();
  expect(await claimSnapshot(orders.db, 'x', lease)).toBe(false);
  expect(await readSnapshot(orders.db, 'x')).toMatchObject({ value: { n: 1 } });
});

test('orders that wait, need attention or are retried, and events that are not published, are counted with the age of the oldest', async () => {
  const order = someOrder();
  await acceptOrder(orders.db, order, null);
  await acceptOrder(orders.db, someOrder(), null);
  await sql`update orders set created_at = now() - interval '1 hour' where id = ${order.id}`.execute(orders.db);
  await sql`update outbox set created_at = now() - interval '2 hours' where subject_id = ${order.id}`.execute(
    orders.db,
  );
  await sql`update orders set saga_state = 'NEEDS_ATTENTION' where id = ${order.id}`.execute(orders.db);
  await sql`
    insert into order_saga_steps (order_id, step, state, attempts, last_error, actor)
    values (${order.id}, 'chargePayment', 'RUNNING', 3, 'down', 'saga')`.execute(orders.db);
  await writeSnapshot(orders.db, RECONCILER_PASS, null);
  const figures = await measureOrders(orders.db, STUCK_AFTER_MS);
  expect(figures).toMatchObject({
    needsAttention: 1,
    retrying: { chargePayment: 1 },
    waitingToStart: 2,
    sinks: { sse: { unpublished: 2, deadLetters: 0 } },
  });
  expect(Math.round(figures.oldestWaitingS / 60)).toBe(60);
  expect(Math.round((figures.sinks['sse']?.oldestS ?? 0) / 60)).toBe(120);
  expect(Date.now() / 1_000 - (figures.lastPassS ?? 0)).toBeLessThan(60);
});

test('stuck are orders that wait in a step for too long, are paused, or whose tasks fail, and no others', async () => {
  const [slow, quick, paused, failing, parked] = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const order = someOrder();
      await acceptOrder(orders.db, order, null);
      return order.id;
    }),
  );
  await sql`
    insert into order_saga_steps (order_id, step, state, attempts, last_error, actor, started_at) values
      (${slow}, 'chargePayment', 'RUNNING', 30, 'down', 'saga', now() - interval '6 minutes'),
      (${quick}, 'chargePayment', 'RUNNING', 3, 'down', 'saga', now() - interval '4 minutes'),
      (${paused}, 'reserveInventory', 'RUNNING', 1, null, 'saga', now() - interval '10 minutes'),
      (${parked}, 'chargePayment', 'FAILED', 50, 'refused', 'saga', now() - interval '10 minutes')`.execute(orders.db);
  await sql`update orders set saga_state = 'NEEDS_ATTENTION' where id = ${parked}`.execute(orders.db);
  await sql`
    insert into order_stalls (order_id, cause, step, since, attempts, last_error) values
      (${paused}, 'PAUSED', 'reserveInventory', now(), 1, 'paused by sam'),
      (${failing}, 'TASK_FAILING', null, now(), 5, 'a fault')`.execute(orders.db);
  const { stuck } = await measureOrders(orders.db, STUCK_AFTER_MS);
  expect(stuck).toEqual({ chargePayment: 1, reserveInventory: 1, none: 1 });
  const text = await openProcess().scrape();
  expect(text).toContain('orders_stuck{step="chargePayment"} 1');
  expect(text).toContain('orders_stuck{step="confirmOrder"} 0');
  expect(text).toContain('orders_stalled{cause="TASK_FAILING"} 1');
  expect(text).toContain('orders_stalled{cause="KEY_MISSING"} 0');
});

test('after an outage in which everything waits, no more is counted than milliseconds allow', async () => {
  await acceptOrders(
    orders.db,
    Array.from({ length: 1_100 }, () => ({ order: someOrder(), key: null })),
  );
  await sql`
    insert into order_saga_steps (order_id, step, state, attempts, last_error, actor, started_at)
    select id, 'chargePayment', 'RUNNING', 30, 'down', 'saga', now() - interval '1 hour' from orders`.execute(
    orders.db,
  );
  const { stuck, retrying, waitingToStart } = await measureOrders(orders.db, STUCK_AFTER_MS);
  expect({ stuck, retrying, waitingToStart }).toEqual({
    stuck: { chargePayment: 1_000 },
    retrying: { chargePayment: 1_100 },
    waitingToStart: 1_100,
  });
});

test('while the database is away a scrape is answered without the figures of all orders', async () => {
  const away = await openOrders();
  await away.close();
  const text = await openProcess(away.db).scrape();
  expect(text).not.toContain('orders_current{');
  expect(text).toContain('orders_created_total{source="api"} 0');
});
