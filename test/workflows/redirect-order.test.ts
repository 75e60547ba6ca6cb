import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { findItems } from '../../src/repositories/order-items.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed, deliver, edit, NEW_STREET, redirect } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ TAX_RATES: 'FR=20,DE=7,AT=7', STEP_PATIENCE: '2s' });
});
afterAll(() => rig.stop());

describe('goods that go to where another tax is due', () => {
  test('are charged for the tax, and the order says where they go and what it comes to', async () => {
    const order = await confirmed(rig, 4);
    const { isDone, order: after } = await redirect(rig, order.id, 'FR');
    expect(isDone).toBe(true);
    expect(after).toMatchObject({ taxMinor: 1_000, totalMinor: 6_000, taxRate: 20_000, sagaState: 'COMPLETED' });
    expect(after.shippingAddress).toMatchObject({ country: 'FR', line1: NEW_STREET });
    expect(await balances(rig, order)).toEqual({ keptMinor: 6_000, left: 4, reserved: 0 });
    expect((await rig.historyRows(order.id)).at(-1)).toMatchObject({
      change: 'DETAILS',
      actor: 'customer:alice',
      reason: 'changed: shipping address',
      version: after.version,
    });
  });

  test('are taxed there whenever something is added or taken out later', async () => {
    const order = await confirmed(rig);
    await redirect(rig, order.id, 'FR');
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 5 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 7_500, left: 5, reserved: 0 });
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 1_500, left: 1, reserved: 0 });
  });

  test('give the tax back where there is none', async () => {
    const order = await confirmed(rig, 4);
    await redirect(rig, order.id, 'FR');
    await redirect(rig, order.id, 'DE');
    expect(await balances(rig, order)).toEqual({ keptMinor: 5_350, left: 4, reserved: 0 });
    await redirect(rig, order.id, 'US');
    expect(await balances(rig, order)).toEqual({ keptMinor: 5_000, left: 4, reserved: 0 });
    const amounts = (await rig.transactions(order.id)).map(({ kind, amount_minor: minor }) => [kind, minor]);
    expect(amounts).toEqual([
      ['CHARGE', 5_000],
      ['CHARGE', 1_000],
      ['REFUND', 650],
      ['REFUND', 350],
    ]);
  });

  test('stay where they were when the tax is declined', async () => {
    const order = await confirmed(rig);
    const before = await rig.order(order.id);
    const match = { order_id: order.id };
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'decline', times: 1, match });
    await expect(redirect(rig, order.id, 'FR')).rejects.toMatchObject({ code: 'ORD003' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    const { shippingAddress, taxRate, totalMinor } = await rig.order(order.id);
    expect({ shippingAddress, taxRate, totalMinor }).toEqual({
      shippingAddress: before.shippingAddress,
      taxRate: 0,
      totalMinor: 2_500,
    });
  });

  test('are charged once however often the same request is sent', async () => {
    const order = await confirmed(rig);
    const key = uuidv7();
    const requests = Array.from({ length: 4 }, () => redirect(rig, order.id, 'FR', key));
    for (const { isDone } of await Promise.all(requests)) expect(isDone).toBe(true);
    expect((await redirect(rig, order.id, 'FR', key)).isDone).toBe(true);
    expect(await balances(rig, order)).toEqual({ keptMinor: 3_000, left: 2, reserved: 0 });
  });

  test('are refunded as a whole when the order is cancelled, and unit by unit when they come back', async () => {
    const cancelled = await confirmed(rig);
    await redirect(rig, cancelled.id, 'FR');
    await rig.command(cancelled.id, 'cancelOrder', {});
    expect(await balances(rig, cancelled)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });

    const returned = await confirmed(rig, 3);
    await redirect(rig, returned.id, 'DE');
    await deliver(rig, returned.id);
    const items = [{ item_id: returned.itemId, quantity: 1 }];
    for (const left of [2, 1, 0]) {
      await rig.command(returned.id, 'returnItems', { items });
      expect((await balances(rig, returned)).left).toBe(left);
    }
    expect((await rig.order(returned.id)).refundedMinor).toBe(4_013);
  });

  test('wait for a payment service that is away, and an edit that comes meanwhile comes after', async () => {
    const order = await confirmed(rig);
    const fault = { service: 'payment', operation: 'charge', mode: 'down', match: { order_id: order.id } } as const;
    const { body } = await rig.fault(fault);
    const first = redirect(rig, order.id, 'FR');
    await expect.poll(async () => (await rig.ledgerRows(order.id)).at(-1)?.step).toBe('chargeDifference');
    const second = edit(rig, order.id, { notes: 'ring twice' });
    await rig.removeFault(body.id);
    await first;
    await second;
    expect(await rig.order(order.id)).toMatchObject({ notes: 'ring twice', totalMinor: 3_000 });
  });

  test('leave their address in no history of a workflow', async () => {
    const order = await confirmed(rig);
    await redirect(rig, order.id, 'FR');
    const history = historyToJSON(await rig.handle(order.id).fetchHistory());
    expect(decodePayloads(history)).toContain('redirect');
    expect(decodePayloads(history)).not.toContain(NEW_STREET);
  });
});

/** Everything that a history holds in base64, in the clear. */
function decodePayloads(history: string): string {
  return [...history.matchAll(/"data":\s*"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) => atob(data)).join('\n');
}

describe('an address', () => {
  test('in a country with the same tax, or of whoever pays, changes no amount', async () => {
    const order = await confirmed(rig);
    await redirect(rig, order.id, 'DE');
    const { totalMinor } = await rig.order(order.id);
    await redirect(rig, order.id, 'AT');
    const { shippingAddress } = await rig.order(order.id);
    await edit(rig, order.id, { billingAddress: { ...shippingAddress, country: 'FR' } });
    expect(await rig.order(order.id)).toMatchObject({ totalMinor, shippingAddress: { country: 'AT' } });
    expect(await rig.transactions(order.id)).toHaveLength(2);
  });

  test('where another tax is due is refused until the order is confirmed, and once something has been shipped', async () => {
    await rig.product('TEAPOT', 10);
    const id = await rig.place({ paymentMethod: 'tok_declined' });
    await rig.reaches(id, 'PAYMENT_FAILED');
    await expect(redirect(rig, id, 'FR')).rejects.toMatchObject({ code: 'ORD005' });
    const order = await confirmed(rig);
    await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
    await rig.command(order.id, 'changeStatus', { status: 'SHIPPED', items: [{ item_id: order.itemId, quantity: 1 }] });
    await expect(redirect(rig, order.id, 'FR')).rejects.toMatchObject({ code: 'ORD005' });
    expect(await findItems(rig.db, order.id)).toMatchObject([{ quantity: 2, shippedQuantity: 1 }]);
  });

  test('that makes an order dearer is refused to a customer who may not order', async () => {
    const order = await confirmed(rig);
    const customer = (status: string) =>
      rig.sandbox.call('PUT', '/users/alice', { name: 'Alice', email: 'alice@example.com', status });
    await redirect(rig, order.id, 'DE');
    await customer('INACTIVE');
    try {
      await expect(redirect(rig, order.id, 'FR')).rejects.toMatchObject({ code: 'ORD001' });
      await redirect(rig, order.id, 'US');
    } finally {
      await customer('ACTIVE');
    }
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
  });

  test('comes from nowhere but the API: a command for one that is not on record is refused', async () => {
    const order = await confirmed(rig);
    await expect(rig.command(order.id, 'amendItems', { change: 'redirect' })).rejects.toMatchObject({
      type: 'NOT_POSSIBLE',
    });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
  });
});
