import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptOrder, findKeyedOrder, type IdempotencyKey } from '../../src/repositories/accept-order.ts';
import { findOrder, findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { openOrders, recordOf, rowCounts, someOrder } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

const someKey = (): IdempotencyKey => ({ subject: 'alice', key: uuidv7(), bodyHash: 'h1' });

test('acceptance writes the order, its items, its first history row, its event and its key', async () => {
  const { db } = orders;
  const items = [3, 1, 2].map((quantity) => ({
    id: uuidv7(),
    productId: `p${quantity}`,
    sku: `SKU-${quantity}`,
    name: `Thing ${quantity} "é" 茶`,
    variantId: quantity === 1 ? 'blue' : null,
    unitPriceMinor: 100,
    quantity,
  }));
  const order = someOrder({
    items,
    subtotalMinor: 600,
    discountMinor: 50,
    taxMinor: 20,
    shippingMinor: 30,
    totalMinor: 600,
    customerName: 'Zoë',
    customerEmail: 'zoe@example.com',
    customerPhone: '+44 20 7946 0018',
    reference: '#1042',
    source: 'web',
    locale: 'en-GB',
    notes: "it's for O'Neill; --",
    metadata: { channel: 'app' },
    billingAddress: { name: 'B', line1: '2 Road', city: 'Town', postal_code: '2', country: 'GB' },
  });
  const key = someKey();
  const accepted = await acceptOrder(db, order, key);

  const { items: _, ...fields } = order;
  expect(accepted).toMatchObject({
    ...fields,
    status: 'PENDING',
    paymentStatus: 'PENDING',
    sagaState: 'RUNNING',
    version: 1,
  });
  expect(await findOrder(db, order.id)).toEqual(accepted);
  expect(await findOrderWithItems(db, accepted!.orderNumber)).toEqual({
    ...accepted,
    items: items.map((item) => ({
      ...item,
      discountMinor: 0,
      shippedQuantity: 0,
      returnedQuantity: 0,
      splitFrom: null,
    })),
  });
  const { history, outbox } = await recordOf(db, order.id);
  expect(history).toMatchObject([{ version: 1, from_status: null, to_status: 'PENDING', actor: 'customer:alice' }]);
  expect(outbox).toMatchObject([
    {
      type: 'order.created',
      position: null,
      payload: { order_id: order.id, version: 1, total: '6.00', currency: 'EUR', item_count: 3 },
    },
  ]);
  expect(await findKeyedOrder(db, key.subject, key.key)).toEqual({ orderId: order.id, bodyHash: 'h1' });
});

test.each([
  ['a line with no quantity', { items: [{ ...someOrder().items[0]!, quantity: 0 }] }],
  ['a line twice', { items: someOrder().items.flatMap((line) => [line, line]) }],
  ['amounts that do not add up', { totalMinor: 2_501 }],
  ['a text that PostgreSQL can not hold', { notes: 'nul \u0000' }],
])('an order with %s leaves no row at all, and its key free', async (_, defect) => {
  const { db } = orders;
  const key = someKey();
  const before = await rowCounts(db);
  await expect(acceptOrder(db, someOrder(defect), key)).rejects.toThrow();
  expect(await rowCounts(db)).toEqual(before);
  expect(await acceptOrder(db, someOrder(), key)).toBeDefined();
});

test('an order whose key is taken is not written, whatever it contains', async () => {
  const { db } = orders;
  const key = someKey();
  const first = await acceptOrder(db, someOrder(), key);
  const before = await rowCounts(db);
  expect(await acceptOrder(db, someOrder(), key)).toBeUndefined();
  expect(await acceptOrder(db, someOrder({ customerId: 'bob' }), { ...key, bodyHash: 'h2' })).toBeUndefined();
  expect(await rowCounts(db)).toEqual(before);
  expect(await findKeyedOrder(db, key.subject, key.key)).toEqual({ orderId: first!.id, bodyHash: 'h1' });
});

test('fifty concurrent acceptances with one key make exactly one order', async () => {
  const { db } = orders;
  const key = someKey();
  const before = await rowCounts(db);
  const accepted = await Promise.all(Array.from({ length: 50 }, () => acceptOrder(db, someOrder(), key)));
  const winners = accepted.filter((order) => order !== undefined);
  expect(winners).toHaveLength(1);
  expect(await findKeyedOrder(db, key.subject, key.key)).toMatchObject({ orderId: winners[0]!.id });
  const after = await rowCounts(db);
  for (const table of ['orders', 'order_items', 'order_status_history', 'outbox', 'idempotency_keys']) {
    expect([table, after[table]]).toEqual([table, before[table]! + 1]);
  }
});

test('a key belongs to its subject, and an order without a key is never a repeat', async () => {
  const { db } = orders;
  const key = someKey();
  expect(await acceptOrder(db, someOrder(), key)).toBeDefined();
  expect(await acceptOrder(db, someOrder(), { ...key, subject: 'bob' })).toBeDefined();
  expect(await acceptOrder(db, someOrder(), null)).toBeDefined();
  expect(await acceptOrder(db, someOrder(), null)).toBeDefined();
  expect(await findKeyedOrder(db, 'carol', key.key)).toBeUndefined();
});

test('orders that are accepted concurrently get different order numbers', async () => {
  const accepted = await Promise.all(Array.from({ length: 30 }, () => acceptOrder(orders.db, someOrder(), null)));
  const numbers = accepted.map((order) => order!.orderNumber);
  expect(new Set(numbers).size).toBe(30);
  for (const number of numbers) expect(number).toMatch(/^ORD-\d{8}$/);
});

test('an acceptance in a transaction that is rolled back leaves nothing', async () => {
  const { db } = orders;
  const key = someKey();
  const order = someOrder();
  const failing = db.transaction().execute(async (transaction) => {
    await acceptOrder(transaction, order, key);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await findOrder(db, order.id)).toBeUndefined();
  expect(await findKeyedOrder(db, key.subject, key.key)).toBeUndefined();
});

test.each(['', 'ORD-', 'nobody', '00000000-0000-7000-8000-000000000000'])('no order is found by %j', async (id) => {
  expect(await findOrder(orders.db, id)).toBeUndefined();
  expect(await findOrderWithItems(orders.db, id)).toBeUndefined();
});
