import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { inventoryCalls } from './inventory-calls.ts';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const { reserve, commit, release, reservation, inStore, product } = inventoryCalls(() => sandbox);

/** An order whose hold was given back by the sweep. */
const expired = async (sku: string, quantity: number) => {
  const order: string = randomUUID();
  await reserve(order, { [sku]: quantity }, 0.05);
  await eventually(async () => (await reservation(order)).status === 'EXPIRED');
  return order;
};

describe('releasing', () => {
  test('before the hold it leaves a tombstone that the late hold honours', async () => {
    const sku = await product(5);
    const order = randomUUID();
    const released = await release(order);
    expect([released.status, released.body.status]).toEqual([200, 'RELEASED']);
    const late = await reserve(order, { [sku]: 1 });
    expect([late.status, late.body.code]).toEqual([409, 'RESERVATION_RELEASED']);
    expect((await commit(order)).body.code).toBe('RESERVATION_RELEASED');
    expect(await inStore(sku)).toMatchObject({ reserved: 0 });
  });

  test('at the same moment as the hold nothing stays held, whichever comes first', async () => {
    const sku = await product(1000);
    const orders = Array.from({ length: 60 }, () => randomUUID());
    await Promise.all(
      orders.flatMap((order) => [reserve(order, { [sku]: 2 }), release(order), reserve(order, { [sku]: 2 })]),
    );
    expect(await inStore(sku)).toEqual({ stock: 1000, reserved: 0, available: 1000 });
  });

  test('a hold, a commit and releases at the same moment leave the stock as it was', async () => {
    const sku = await product(500);
    const orders = Array.from({ length: 60 }, () => randomUUID());
    await Promise.all(
      orders.flatMap((order) => [
        reserve(order, { [sku]: 3 }),
        commit(order),
        release(order),
        commit(order),
        release(order),
      ]),
    );
    expect(await inStore(sku)).toEqual({ stock: 500, reserved: 0, available: 500 });
  });

  test('of a hold gives it back once, however often', async () => {
    const sku = await product(5);
    const [order, other] = [randomUUID(), randomUUID()];
    await reserve(order, { [sku]: 2 });
    await reserve(other, { [sku]: 2 });
    await Promise.all([release(order), release(order), release(order)]);
    expect(await inStore(sku)).toEqual({ stock: 5, reserved: 2, available: 3 });
  });

  test('after the commit it restocks once', async () => {
    const sku = await product(5);
    const order = randomUUID();
    await reserve(order, { [sku]: 2 });
    await commit(order);
    expect(await inStore(sku)).toEqual({ stock: 3, reserved: 0, available: 3 });
    await Promise.all([release(order), release(order)]);
    expect(await inStore(sku)).toEqual({ stock: 5, reserved: 0, available: 5 });
  });
});

describe('an expired hold', () => {
  test('gives its stock back by itself', async () => {
    const sku = await product(5);
    await expired(sku, 5);
    expect(await inStore(sku)).toEqual({ stock: 5, reserved: 0, available: 5 });
  });

  test('is committed when its stock is still there, and held anew on a repeat', async () => {
    const sku = await product(5);
    const [first, second] = [await expired(sku, 2), await expired(sku, 2)];
    expect((await commit(first)).body.status).toBe('COMMITTED');
    expect((await reserve(second, { [sku]: 2 })).body).toMatchObject({ status: 'HELD' });
    expect(await inStore(sku)).toEqual({ stock: 3, reserved: 2, available: 1 });
  });

  test('is not committed when others took its stock', async () => {
    const sku = await product(2);
    const order = await expired(sku, 2);
    await reserve(randomUUID(), { [sku]: 1 });
    const answer = await commit(order);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'OUT_OF_STOCK', details: [{ sku, requested: 2, available: 1 }] });
    expect(await inStore(sku)).toEqual({ stock: 2, reserved: 1, available: 1 });
  });

  test('is released without giving back twice', async () => {
    const sku = await product(2);
    const order = await expired(sku, 2);
    expect((await release(order)).body.status).toBe('RELEASED');
    expect(await inStore(sku)).toEqual({ stock: 2, reserved: 0, available: 2 });
  });

  test('that is swept, committed and released at the same moment counts each unit once', async () => {
    const sku = await product(100);
    const orders = Array.from({ length: 40 }, (): string => randomUUID());
    await Promise.all(orders.map((order) => reserve(order, { [sku]: 2 }, 0.05)));
    await Promise.all(
      orders.flatMap((order, index) => (index % 2 ? [commit(order)] : [release(order), commit(order)])),
    );
    await eventually(async () => (await inStore(sku)).reserved === 0);
    const { body } = await sandbox.call('GET', '/reservations?status=COMMITTED&limit=1000');
    const sold = body.data.filter(({ order_id }: { order_id: string }) => orders.includes(order_id)).length;
    expect(await inStore(sku)).toEqual({ stock: 100 - 2 * sold, reserved: 0, available: 100 - 2 * sold });
  });
});
