import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairOrder } from '../../src/repositories/reconciliation.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { openOrders, orderIn, recordOf, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

test('a status that was repaired away can be reached again under the same key, once', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const confirm = () => transitionOrder(db, transitionTo(id, 'CONFIRMED', { key: 'confirmed' }));
  // Written by an attempt at a workflow task that died with its worker; the next one came no further than PENDING.
  await confirm();
  const seen = { id, status: 'CONFIRMED', sagaState: 'RUNNING', version: 2 } as const;
  const repair = { status: 'PENDING', sagaState: 'NEEDS_ATTENTION', reason: 'test' } as const;
  expect(await repairOrder(db, seen, repair)).toBe(true);

  expect(await confirm()).toEqual({ applied: true, status: 'CONFIRMED' });
  expect(await confirm()).toEqual({ applied: false, status: 'CONFIRMED' });
  const { order, history } = await recordOf(db, id);
  expect(order).toMatchObject({ status: 'CONFIRMED', version: 4 });
  expect(history.map(({ to_status }) => to_status)).toEqual(['PENDING', 'CONFIRMED', 'PENDING', 'CONFIRMED']);
});

test('a repair that goes forward leaves the keys of what came before it', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'CONFIRMED');
  const seen = { id, status: 'CONFIRMED', sagaState: 'RUNNING', version: 2 } as const;
  expect(await repairOrder(db, seen, { status: 'SHIPPED', sagaState: 'COMPLETED', reason: 'test' })).toBe(true);
  const { history } = await recordOf(db, id);
  expect(history.map(({ transition_key }) => transition_key).slice(0, 2)).toEqual(['accepted', 'way:CONFIRMED']);
});
