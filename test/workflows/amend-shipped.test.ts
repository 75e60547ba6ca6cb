import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findItems } from '../../src/repositories/order-items.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  // An order may be shipped in so small a part that no order of that size would be taken.
  rig = await startSagaRig({ ORDER_MIN_TOTAL: '40' });
});
afterAll(() => rig.stop());

/** An order of four teapots, one of which has left. */
async function partlyShipped(shipped = 1) {
  const order = await confirmed(rig, 4);
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  const items = [{ item_id: order.itemId, quantity: shipped }];
  await rig.command(order.id, 'changeStatus', { status: 'SHIPPED', items });
  return order;
}

describe('a partly shipped order', () => {
  test('that is lowered to what has been shipped is SHIPPED, the rest released and refunded', async () => {
    const order = await partlyShipped();
    const reply = await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1 });
    expect(reply).toEqual({ outcome: 'done', status: 'SHIPPED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 1_250, left: 1, reserved: 0 });
    expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', totalMinor: 1_250, refundedMinor: 0 });
    expect((await rig.historyRows(order.id)).slice(-2)).toMatchObject([
      { change: 'ITEMS', to_status: 'PROCESSING', actor: 'support:sam' },
      { change: 'STATUS', to_status: 'SHIPPED', actor: 'support:sam', reason: 'nothing is left to ship' },
    ]);
    await rig.command(order.id, 'changeStatus', { status: 'DELIVERED' });
    await rig.command(order.id, 'returnItems', { items: [{ item_id: order.itemId, quantity: 1 }] });
    await rig.reaches(order.id, 'REFUNDED');
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });

  test('that is lowered to more than that can be shipped on', async () => {
    const order = await partlyShipped(2);
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 3 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
    expect((await rig.order(order.id)).status).toBe('PROCESSING');
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED' });
    expect(await findItems(rig.db, order.id)).toMatchObject([{ quantity: 3, shippedQuantity: 3 }]);
  });

  test.each([
    ['lowered below what has been shipped', { change: 'set', quantity: 1 }, 'NOT_POSSIBLE'],
    ['raised', { change: 'set', quantity: 5 }, 'TRANSITION_NOT_ALLOWED'],
    ['without a line of which something has left', { change: 'remove' }, 'NOT_POSSIBLE'],
    ['with another line', { change: 'add', quantity: 1 }, 'TRANSITION_NOT_ALLOWED'],
  ] as const)('is not %s', async (_what, change, type) => {
    const order = await partlyShipped(2);
    const command = change.change === 'add' ? { ...change, sku: order.sku } : { ...change, item_id: order.itemId };
    await expect(rig.command(order.id, 'amendItems', command)).rejects.toMatchObject({ type });
    expect(await balances(rig, order)).toEqual({ keptMinor: 5_000, left: 4, reserved: 0 });
  });
});
