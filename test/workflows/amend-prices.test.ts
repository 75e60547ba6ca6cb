import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findItems } from '../../src/repositories/order-items.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed, deliver } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig();
});
afterAll(() => rig.stop());

const reprice = async (sku: string, price: string) => {
  const { stock } = await rig.stock(sku);
  await rig.sandbox.call('PUT', `/products/${sku}`, { name: sku, price, currency: 'EUR', stock });
};
const customer = (status: 'ACTIVE' | 'INACTIVE') =>
  rig.sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status });

/** An order of two at 12.50 and three at 20.00, by raising its line after the price went up. */
async function raised() {
  const order = await confirmed(rig);
  await reprice(order.sku, '20.00');
  await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 5 });
  return order;
}

describe('an order whose line is raised after its price has changed', () => {
  test('pays the price of today for what is added, and keeps that of what was bought', async () => {
    const order = await raised();
    expect(await balances(rig, order)).toEqual({ keptMinor: 2 * 1_250 + 3 * 2_000, left: 5, reserved: 0 });
    expect(await findItems(rig.db, order.id)).toMatchObject([
      { id: order.itemId, quantity: 2, unitPriceMinor: 1_250, splitFrom: null },
      { sku: order.sku, quantity: 3, unitPriceMinor: 2_000, splitFrom: order.itemId },
    ]);
  });

  test('gets back what was added last when it is lowered again', async () => {
    const order = await raised();
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 4 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2 * 1_250 + 2 * 2_000, left: 4, reserved: 0 });
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 1_250, left: 1, reserved: 0 });
    expect(await findItems(rig.db, order.id)).toHaveLength(1);
  });

  test('gets back each unit at its own price when it is returned', async () => {
    const order = await raised();
    await deliver(rig, order.id);
    const [first, added] = await findItems(rig.db, order.id);
    await rig.command(order.id, 'returnItems', { items: [{ item_id: added!.id, quantity: 1 }] });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2 * 1_250 + 2 * 2_000, left: 4, reserved: 0 });
    const rest = [
      { item_id: first!.id, quantity: 2 },
      { item_id: added!.id, quantity: 2 },
    ];
    await rig.command(order.id, 'returnItems', { items: rest });
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });

  test('gets everything back when it is cancelled', async () => {
    const order = await raised();
    await rig.command(order.id, 'cancelOrder', {});
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    expect((await rig.order(order.id)).refundedMinor).toBe(8_500);
  });
});

test('a customer who has become inactive gets no more, whichever door is used, and may have less', async () => {
  const order = await confirmed(rig, 3);
  await customer('INACTIVE');
  try {
    for (const change of [
      { change: 'set', item_id: order.itemId, quantity: 4 },
      { change: 'add', sku: order.sku, quantity: 1 },
    ] as const) {
      await expect(rig.command(order.id, 'amendItems', change)).rejects.toMatchObject({ type: 'CUSTOMER_REFUSED' });
    }
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 2 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
  } finally {
    await customer('ACTIVE');
  }
});
