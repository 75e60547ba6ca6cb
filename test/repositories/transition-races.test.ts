import { afterAll, beforeAll, expect, test } from 'vitest';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { chargeOf, openOrders, orderIn, recordOf, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

test('fifty equal concurrent transitions are applied once', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const confirm = transitionTo(id, 'CONFIRMED', {
    transactions: [chargeOf(id)],
    steps: [{ step: 'confirmOrder', state: 'DONE', attempts: 1 }],
  });
  const results = await Promise.all(Array.from({ length: 50 }, () => transitionOrder(db, confirm)));
  expect(results.filter(({ applied }) => applied)).toHaveLength(1);
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
  const { order, history, outbox, transactions } = await recordOf(db, id);
  expect(order).toMatchObject({ version: 2 });
  expect([history.length, outbox.length, transactions.length]).toEqual([2, 3, 1]);
});

test('fifty equal concurrent transitions are applied once, even where the table would allow them again', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const there = transitionTo(id, 'PAYMENT_FAILED', { key: 'payment-failed:1' });
  const back = transitionTo(id, 'PENDING', { key: 'retried:1' });
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, index) => transitionOrder(db, index % 2 === 0 ? there : back)),
  );
  expect(results.filter(({ applied }) => applied).length).toBeLessThanOrEqual(2);
  const keys = (await recordOf(db, id)).history.map(({ transition_key }) => transition_key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('of shipping and cancelling concurrently exactly one happens', async () => {
  const { db } = orders;
  for (let round = 0; round < 10; round += 1) {
    const id = await orderIn(db, 'PROCESSING');
    const results = await Promise.all([
      transitionOrder(db, transitionTo(id, 'SHIPPED')),
      transitionOrder(db, transitionTo(id, 'CANCELLED')),
    ]);
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    const { order } = await recordOf(db, id);
    for (const { status } of results) expect(status).toBe(order!.status);
  }
});
