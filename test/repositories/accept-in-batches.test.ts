import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CouponRefusedError } from '../../src/domain/coupon.ts';
import type { NewOrder } from '../../src/domain/order.ts';
import { acceptOrderInBatch, findKeyedOrderInBatch } from '../../src/repositories/accept-in-batches.ts';
import { findKeyedOrder, type IdempotencyKey } from '../../src/repositories/accept-order.ts';
import { findCoupon } from '../../src/repositories/coupon-repository.ts';
import { isDatabaseUnavailable, openDatabase } from '../../src/repositories/database.ts';
import { findOrder, findOrderWithItems, findOrderWithItemsInBatch } from '../../src/repositories/order-repository.ts';
import { createTestDatabase } from '../setup/database.ts';
import { startOwnPostgres } from '../setup/servers.ts';
import { openOrders, orderWith, recordOf, rowCounts, someCoupon, someOrder } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

const someKey = (): IdempotencyKey => ({ subject: 'alice', key: uuidv7(), bodyHash: 'h1' });
const someOrders = (count: number, more: Partial<NewOrder> = {}) =>
  Array.from({ length: count }, () => someOrder(more));
const accept = (order: NewOrder, key: IdempotencyKey | null = null) => acceptOrderInBatch(orders.db, order, key);

test('a hundred concurrent orders share a few statements, and each is written completely', async () => {
  const { db, statements } = orders;
  const many = someOrders(100).map((order, index) => ({ ...order, notes: `number ${index}` }));
  const before = statements();
  const accepted = await Promise.all(many.map((order) => accept(order, someKey())));
  expect(statements() - before).toBeLessThanOrEqual(4);

  expect(accepted.map((order) => order?.id)).toEqual(many.map(({ id }) => id));
  expect(new Set(accepted.map((order) => order?.orderNumber)).size).toBe(100);
  for (const [index, order] of many.entries()) {
    const { items, ...fields } = order;
    expect(accepted[index]).toMatchObject({ ...fields, status: 'PENDING', version: 1 });
    expect(await findOrderWithItems(db, order.id)).toMatchObject({ ...accepted[index], items });
    const { history, outbox } = await recordOf(db, order.id);
    expect([history.length, outbox.length]).toEqual([1, 1]);
  }
});

test('of fifty orders with the same key in one batch one is accepted; every order with its own key is accepted', async () => {
  const { db } = orders;
  const shared = someKey();
  const before = await rowCounts(db);
  const [same, others] = await Promise.all([
    Promise.all(someOrders(50).map((order) => accept(order, shared))),
    Promise.all(someOrders(10).map((order) => accept(order, someKey()))),
  ]);
  const winners = same.filter((order) => order !== undefined);
  expect(winners).toHaveLength(1);
  expect(others.filter((order) => order === undefined)).toEqual([]);
  expect(await findKeyedOrder(db, shared.subject, shared.key)).toEqual({ orderId: winners[0]?.id, bodyHash: 'h1' });
  const after = await rowCounts(db);
  for (const table of ['orders', 'order_items', 'order_status_history', 'outbox', 'idempotency_keys']) {
    expect([table, after[table]]).toEqual([table, before[table]! + 11]);
  }
});

test.each<[string, Partial<NewOrder>]>([
  ['amounts that do not add up', { totalMinor: 2_501 }],
  ['a text that PostgreSQL can not hold', { notes: 'nul \u0000' }],
  ['a quantity that is too large for its column', { items: [{ ...someOrder().items[0]!, quantity: 1e12 }] }],
])("an order with %s doesn't keep the others of its batch from being accepted", async (_, defect) => {
  const good = someOrders(20);
  const key = someKey();
  const outcomes = await Promise.allSettled([
    ...good.slice(0, 10).map((order) => accept(order, someKey())),
    accept(someOrder(defect), key),
    ...good.slice(10).map((order) => accept(order, someKey())),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(
    outcomes.map((_one, at) => (at === 10 ? 'rejected' : 'fulfilled')),
  );
  for (const { id } of good) expect(await findOrder(orders.db, id)).toBeDefined();
  expect(await accept(someOrder(), key)).toBeDefined();
});

test('concurrent lookups of keys and orders find what single lookups find', async () => {
  const { db } = orders;
  const placed = someOrders(20).map((order) => ({ order, key: someKey() }));
  const accepted = await Promise.all(placed.map(({ order, key }) => accept(order, key)));
  const before = orders.statements();
  const keyed = await Promise.all(
    [...placed.map(({ key }) => key), someKey()].map((key) => findKeyedOrderInBatch(db, key)),
  );
  expect(keyed).toEqual([...placed.map(({ order: { id } }) => ({ orderId: id, bodyHash: 'h1' })), undefined]);
  const wanted = [
    ...accepted.map((order) => order!.id.toUpperCase()),
    ...accepted.map((order) => order!.orderNumber),
    uuidv7(),
    'ORD-0',
  ];
  const found = await Promise.all(wanted.map((one) => findOrderWithItemsInBatch(db, one)));
  const ids = placed.map(({ order: { id } }) => id);
  expect(found.map((order) => order?.id)).toEqual([...ids, ...ids, undefined, undefined]);
  expect(orders.statements() - before).toBe(3);
  expect(found[3]).toEqual(await findOrderWithItems(db, ids[3]!));
});

describe('of concurrent orders with a coupon', () => {
  test('as many are accepted as the coupon has uses, and the others are refused for it', async () => {
    const code = await someCoupon(orders.db, { oncePerCustomer: false, maxUses: 3 });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => accept(orderWith(code))));
    const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(reasons).toHaveLength(17);
    expect(reasons.filter((reason) => !(reason instanceof CouponRefusedError))).toEqual([]);
    expect((await findCoupon(orders.db, code))?.uses).toBe(3);
  });

  test('a customer uses a once-per-customer coupon once, and any other coupon more often', async () => {
    const [once, often] = [await someCoupon(orders.db), await someCoupon(orders.db, { oncePerCustomer: false })];
    const many = ['ann', 'ben', 'ann', 'cat'].flatMap((customerId) => [
      orderWith(once, { customerId }),
      orderWith(often, { customerId }),
    ]);
    const outcomes = await Promise.allSettled(many.map((order) => accept(order)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect((await findCoupon(orders.db, once))?.uses).toBe(3);
    expect((await findCoupon(orders.db, often))?.uses).toBe(4);
  });
});

test('when the database is killed, every acknowledged order is stored, and every other one can be tried again', async () => {
  const server = await startOwnPostgres();
  const { url } = await createTestDatabase(server.url);
  const database = openDatabase(url, { max: 4, name: 'test', onError: () => {} });
  const { db } = database;
  const accepted: string[] = [];
  const failures: unknown[] = [];
  const place = async () => {
    while (failures.length === 0) {
      const order = someOrder();
      await acceptOrderInBatch(db, order, someKey()).then(
        () => accepted.push(order.id),
        (error: unknown) => failures.push(error),
      );
    }
  };
  const placing = Promise.all(Array.from({ length: 40 }, place));
  await expect.poll(() => accepted.length).toBeGreaterThan(200);
  await server.crash();
  await placing;
  expect(failures.filter((error) => !isDatabaseUnavailable(error))).toEqual([]);

  await server.start();
  const found = await Promise.all(accepted.map((id) => findOrderWithItems(db, id)));
  expect(found.filter((order) => order?.items.length !== 1)).toEqual([]);
  const again = await Promise.all(someOrders(10).map((order) => acceptOrderInBatch(db, order, someKey())));
  expect(again.filter((order) => order === undefined)).toEqual([]);
  await database.close();
  await server.destroy();
});
