import { afterAll, beforeAll, expect, test } from 'vitest';
import { canReach, orderStatuses } from '../../src/domain/order-status.ts';
import { repairOrder } from '../../src/repositories/reconciliation.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { openOrders, orderIn, recordOf, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

test('a decline that was repaired away can be recorded again under the same key, once', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const decline = () => transitionOrder(db, transitionTo(id, 'PAYMENT_FAILED', { key: 'payment-failed:1' }));
  // Written by an attempt at a workflow task that died with its worker; the next one came no further than PENDING.
  await decline();
  const seen = { id, status: 'PAYMENT_FAILED', sagaState: 'RUNNING', version: 2 } as const;
  expect(await repairOrder(db, seen, { status: 'PENDING', sagaState: 'RUNNING', reason: 'test' })).toBe(true);

  expect(await decline()).toMatchObject({ applied: true, status: 'PAYMENT_FAILED' });
  expect(await decline()).toMatchObject({ applied: false, status: 'PAYMENT_FAILED' });
  const { order, history } = await recordOf(db, id);
  expect(order).toMatchObject({ status: 'PAYMENT_FAILED', version: 4 });
  expect(history.map(({ to_status }) => to_status)).toEqual(['PENDING', 'PAYMENT_FAILED', 'PENDING', 'PAYMENT_FAILED']);
});

test('a repair to which the transition table does not lead is never written', async () => {
  const { db } = orders;
  for (const from of orderStatuses) {
    const id = await orderIn(db, from);
    const before = await recordOf(db, id);
    const seen = { id, status: from, sagaState: before.order!.sagaState, version: before.order!.version };
    for (const status of orderStatuses.filter((to) => to !== from && !canReach(from, to))) {
      await expect(repairOrder(db, seen, { status, sagaState: 'RUNNING', reason: 'test' })).rejects.toThrow('lead');
    }
    expect(await recordOf(db, id)).toEqual(before);
  }
});

test('an order that is marked keeps its status, and no event says that it has come to it again', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'CANCELLED');
  const seen = { id, status: 'CANCELLED', sagaState: 'RUNNING', version: 2 } as const;
  expect(
    await repairOrder(db, seen, { ...seen, sagaState: 'NEEDS_ATTENTION', reason: 'look', whatToDo: 'compare' }),
  ).toBe(true);
  const { order, history, outbox } = await recordOf(db, id);
  expect(order).toMatchObject({ status: 'CANCELLED', sagaState: 'NEEDS_ATTENTION' });
  expect(history.at(-1)).toMatchObject({ change: 'DETAILS', reason: 'look', actor: 'system:reconciler' });
  expect(outbox.map(({ type }) => type)).toEqual(['order.created', 'order.cancelled', 'order.needs_attention']);
  expect(outbox.at(-1)?.payload).toMatchObject({ step: null, problem: 'look', what_to_do: 'compare' });
});

test('a repair that goes forward leaves earlier keys as they are', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'CONFIRMED');
  const seen = { id, status: 'CONFIRMED', sagaState: 'RUNNING', version: 2 } as const;
  expect(await repairOrder(db, seen, { status: 'SHIPPED', sagaState: 'COMPLETED', reason: 'test' })).toBe(true);
  const { history } = await recordOf(db, id);
  expect(history.map(({ transition_key }) => transition_key).slice(0, 2)).toEqual(['accepted', 'way:CONFIRMED']);
});
