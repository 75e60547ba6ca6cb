import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { findOpenWork } from '../../src/repositories/open-work.ts';
import { markWorkflowsStarted } from '../../src/repositories/workflow-starts.ts';
import { openOrders, someOrder } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
afterAll(() => orders.close());

const nothing = { orders: false, returns: false, refunds: false, imports: false, resolutions: false, reports: false };

test('at rest nothing is there to be started, and an order that was accepted is until it is', async () => {
  const { db } = orders;
  expect(await findOpenWork(db)).toEqual(nothing);
  const order = someOrder();
  await acceptOrder(db, order, null);
  expect(await findOpenWork(db)).toEqual({ ...nothing, orders: true });
  await markWorkflowsStarted(db, [order.id]);
  expect(await findOpenWork(db)).toEqual(nothing);
});
