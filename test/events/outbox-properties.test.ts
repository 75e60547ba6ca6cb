import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../dev/chaos/random.ts';
import { openOrders } from '../repositories/orders.ts';
import { emptyOutbox } from './outbox-rig.ts';
import { runStorm } from './storm.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(() => emptyOutbox(orders.db));
afterAll(() => orders.close());

const sinks = ['one', 'other'];

describe.each([1, 2, 3])('whatever writers, publishers and sinks do (%i)', (seed) => {
  test('every sink gets every committed event, and no other, each order’s in order', async () => {
    const { committed, received, counts } = await runStorm(orders.url, orders.db, createRandom(seed), sinks);
    for (const name of sinks) {
      for (const [orderId, ids] of committed) expect(received.get(name)?.get(orderId) ?? []).toEqual(ids);
      expect(received.get(name)?.size).toBeLessThanOrEqual(committed.size);
    }
    const rows = await orders.db.selectFrom('outbox').select('position').orderBy('position').execute();
    const [first = { position: 0 }] = rows;
    expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => (first.position ?? 0) + index));
    // It was a storm.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
  });
});
