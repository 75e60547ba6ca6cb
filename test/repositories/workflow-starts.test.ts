import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createKeyRing } from '../../src/key-ring.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { claimOrdersToReconcile } from '../../src/repositories/reconciliation.ts';
import { encryptColumns } from '../../src/repositories/sealed-column.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { claimOrdersToStart, markWorkflowsStarted } from '../../src/repositories/workflow-starts.ts';
import { openOrders, someOrder, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

beforeEach(async () => {
  await orders.db.deleteFrom('orders').execute();
});

afterAll(() => orders.close());

/** Accepts this many orders, the first one the longest ago; returns their ids in that order. */
async function accept(count: number, { secondsAgo }: { secondsAgo: number }): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const order = someOrder();
    await acceptOrder(orders.db, order, null);
    ids.push(order.id);
    await orders.db
      .updateTable('orders')
      .set({ created_at: sql`now() - make_interval(secs => ${secondsAgo + count - index})` })
      .where('id', '=', order.id)
      .execute();
  }
  return ids;
}

const claim = async (limit: number) => (await claimOrdersToStart(orders.db, limit)).map(({ id }) => id);

test('concurrent claims never get the same order, and together they get every order', async () => {
  const ids = await accept(40, { secondsAgo: 10 });
  const claims = await Promise.all([claim(15), claim(15), claim(15), claim(15)]);
  for (const claimed of claims) expect(claimed.length).toBeLessThanOrEqual(15);
  const rest = await claim(100);
  const all = [...claims.flat(), ...rest];
  expect(new Set(all).size).toBe(all.length);
  expect(all.toSorted()).toEqual(ids.toSorted());
});

test('the orders that have waited longest come first, with their lines', async () => {
  const ids = await accept(5, { secondsAgo: 10 });
  const claimed = await claimOrdersToStart(orders.db, 2);
  expect(claimed.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 2).toSorted());
  for (const { items } of claimed) expect(items).toMatchObject([{ sku: 'TEAPOT', quantity: 2, unitPriceMinor: 1_250 }]);
});

test('an order that was accepted just now is left to the process that accepted it', async () => {
  await acceptOrder(orders.db, someOrder(), null);
  expect(await claim(10)).toEqual([]);
});

test('a claim keeps others away for three seconds', async () => {
  const ids = await accept(1, { secondsAgo: 10 });
  expect(await claim(10)).toEqual(ids);
  expect(await claim(10)).toEqual([]);
  await orders.db
    .updateTable('orders')
    .set({ start_claimed_at: sql`now() - interval '6 seconds'` })
    .execute();
  expect(await claim(10)).toEqual(ids);
});

test('an order whose workflow has started is not claimed; marking it again, or marking none, changes nothing', async () => {
  const [started, waiting] = await accept(2, { secondsAgo: 10 });
  await markWorkflowsStarted(orders.db, [started!]);
  await markWorkflowsStarted(orders.db, [started!]);
  await markWorkflowsStarted(orders.db, []);
  expect(await claim(10)).toEqual([waiting]);
});

test('an order that its workflow has written is not claimed, even if it was not marked', async () => {
  const [id] = await accept(1, { secondsAgo: 10 });
  await transitionOrder(orders.db, transitionTo(id!, 'PAYMENT_FAILED'));
  await transitionOrder(orders.db, transitionTo(id!, 'PENDING'));
  expect(await claim(10)).toEqual([]);
});

test('an order whose key this process lacks is left to one that has it, and is in the way of no later one', async () => {
  const [lost, kept] = [randomBytes(32), randomBytes(32)];
  const methods = { paymentMethod: 'tok_first', paymentParts: [{ paymentMethod: 'tok_second', amountMinor: 2_500 }] };
  encryptColumns(createKeyRing([['lost', lost]]));
  const single = someOrder();
  const several = someOrder(methods);
  for (const order of [single, several]) await acceptOrder(orders.db, order, null);
  encryptColumns(createKeyRing([['kept', kept]]));
  const readable = [someOrder(), someOrder(methods)];
  for (const order of readable) await acceptOrder(orders.db, order, null);
  await orders.db
    .updateTable('orders')
    .set({ created_at: sql`created_at - interval '10 seconds'` })
    .execute();
  // Only one of its payment methods is encrypted with the key that is missing.
  await orders.db.updateTable('orders').set({ payment_method: 'tok_first' }).where('id', '=', several.id).execute();
  expect((await claim(2)).toSorted()).toEqual(readable.map(({ id }) => id).toSorted());
  expect(await claim(2)).toEqual([]);

  encryptColumns(
    createKeyRing([
      ['kept', kept],
      ['lost', lost],
    ]),
  );
  expect((await claim(10)).toSorted()).toEqual([single.id, several.id].toSorted());
});

test('an order that waits comes with the request that placed it', async () => {
  const order = someOrder({ requestId: 'shop-4711' });
  await acceptOrder(orders.db, order, null);
  await orders.db
    .updateTable('orders')
    .set({ created_at: sql`now() - interval '10 seconds'` })
    .where('id', '=', order.id)
    .execute();
  expect(await claimOrdersToStart(orders.db, 1)).toMatchObject([{ id: order.id, requestId: 'shop-4711' }]);
});

test('an order that waits to be started is left to the relay, and the reconciler looks at it once it has been started', async () => {
  const [waiting = ''] = await accept(1, { secondsAgo: 3_600 });
  const reconciled = async () => (await claimOrdersToReconcile(orders.db, 10, new Date())).map(({ id }) => id);
  expect(await reconciled()).toEqual([]);
  await markWorkflowsStarted(orders.db, [waiting]);
  expect(await reconciled()).toEqual([waiting]);
});
