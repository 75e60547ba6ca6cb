import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sagaStepAttribute } from '../../src/domain/search-attributes.ts';
import { findItems } from '../../src/repositories/order-items.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, booksOf, confirmed } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '2s' });
});
afterAll(() => rig.stop());

/** What whoever looks for slow orders finds of this one, and whether its details speak of an activity that is retried. */
async function promisedBy(orderId: string) {
  const handle = rig.handle(orderId);
  const { typedSearchAttributes } = await handle.describe();
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return {
    sagaStep: typedSearchAttributes.get(sagaStepAttribute),
    isRetrying: currentDetails.includes('being retried'),
  };
}

describe('an amendment', () => {
  test('that adds to a line takes the goods and charges the difference', async () => {
    const order = await confirmed(rig);
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 5 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 6_250, left: 5, reserved: 0 });
    expect(await rig.order(order.id)).toMatchObject({ status: 'CONFIRMED', totalMinor: 6_250, sagaState: 'COMPLETED' });
    expect(await rig.ledgerRows(order.id)).toEqual(
      expect.arrayContaining([expect.objectContaining({ saga: 'amend:1', step: 'chargeDifference', state: 'DONE' })]),
    );
  });

  test('that takes from a line gives goods and money back', async () => {
    const order = await confirmed(rig, 4);
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 1_250, left: 1, reserved: 0 });
    expect((await rig.transactions(order.id)).map(({ kind, amount_minor: minor }) => [kind, minor])).toEqual([
      ['CHARGE', 5_000],
      ['REFUND', 3_750],
    ]);
  });

  test('adds and removes lines, each change on record with who made it', async () => {
    const order = await confirmed(rig);
    await rig.command(order.id, 'amendItems', { change: 'add', sku: order.sku, quantity: 3 });
    const [, added] = await findItems(rig.db, order.id);
    expect(added).toMatchObject({ sku: order.sku, quantity: 3, unitPriceMinor: 1_250 });
    await rig.command(order.id, 'amendItems', { change: 'remove', item_id: order.itemId });
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
    const changes = (await rig.historyRows(order.id)).filter(({ change }) => change === 'ITEMS');
    expect(changes.map(({ actor, reason }) => [actor, reason])).toEqual([
      ['support:sam', 'because'],
      ['support:sam', 'because'],
    ]);
  });

  test('for goods that are not there leaves the order as it was', async () => {
    const order = await confirmed(rig);
    const before = await findItems(rig.db, order.id);
    await expect(
      rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1_000 }),
    ).rejects.toMatchObject({ type: 'OUT_OF_STOCK' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    expect(await findItems(rig.db, order.id)).toEqual(before);
    expect(await promisedBy(order.id)).toEqual({ sagaStep: undefined, isRetrying: false });
  });

  test('whose difference is declined gives the goods back and leaves the order as it was', async () => {
    const order = await confirmed(rig);
    await rig.fault({
      service: 'payment',
      operation: 'charge',
      mode: 'decline',
      times: 1,
      match: { order_id: order.id },
    });
    await expect(
      rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 4 }),
    ).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    expect((await rig.order(order.id)).sagaState).toBe('COMPENSATED');
    expect(await promisedBy(order.id)).toEqual({ sagaStep: undefined, isRetrying: false });
    // And the next one works.
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 3 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_750, left: 3, reserved: 0 });
  });

  test.each([
    ['the last item', { change: 'remove' }],
    ['a line that there is not', { change: 'set', item_id: '01900000-0000-7000-8000-000000000009', quantity: 2 }],
  ] as const)('of %s is refused and changes nothing', async (_what, change) => {
    const order = await confirmed(rig);
    await expect(rig.command(order.id, 'amendItems', { item_id: order.itemId, ...change })).rejects.toMatchObject({
      type: 'NOT_POSSIBLE',
    });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
  });

  test('that is cut short by a cancellation leaves nothing taken', async () => {
    const order = await confirmed(rig);
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'down', match: { order_id: order.id } });
    const amending = rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 4 });
    amending.catch(() => {});
    await expect.poll(async () => (await booksOf(rig, order)).left).toBe(4);
    await rig.command(order.id, 'cancelOrder', {});
    await expect(amending).rejects.toMatchObject({ type: 'TRANSITION_NOT_ALLOWED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    await rig.noFaults();
  });

  test('and a cancellation after it refund exactly what was paid', async () => {
    const order = await confirmed(rig, 4);
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 2 });
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 3 });
    await rig.command(order.id, 'cancelOrder', {});
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 3_750, paymentStatus: 'REFUNDED' });
  });
});
