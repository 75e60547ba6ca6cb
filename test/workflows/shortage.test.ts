import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { findItems } from '../../src/repositories/order-items.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ RESERVATION_TTL: '1s', AMEND_WINDOW: '20s' });
});
afterAll(() => rig.stop());

/** An order of two that is paid when one of the two that there are has been bought by others. */
async function short(): Promise<{ id: string; itemId: string; sku: string }> {
  const sku = `scarce-${uuidv7()}`;
  await rig.product(sku, 2);
  const itemId = uuidv7();
  const items = [{ id: itemId, productId: 'p1', sku, name: 'Scarce', unitPriceMinor: 1_250, quantity: 2 }];
  const id = await rig.place({ items, paymentMethod: 'tok_declined' });
  await rig.reaches(id, 'PAYMENT_FAILED');
  await eventually(async () => {
    const { body } = await rig.sandbox.call('GET', `/reservations/${id}`);
    expect(body.status).toBe('EXPIRED');
  });
  const others = { order_id: uuidv7(), items: [{ sku, quantity: 1 }], expires_in_seconds: 3_600 };
  await rig.sandbox.call('POST', '/reservations', others);
  await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
  await eventually(async () => expect((await rig.order(id)).amendUntil).not.toBeNull());
  return { id, itemId, sku };
}

test('an order whose goods ran out is confirmed for those that it is amended to', async () => {
  const { id, itemId, sku } = await short();
  const more = rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 3 });
  await expect(more).rejects.toMatchObject({ type: 'OUT_OF_STOCK' });
  expect(await rig.order(id)).toMatchObject({ status: 'PENDING', sagaState: 'RUNNING', totalMinor: 2_500 });

  await rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity: 1 });
  const order = await rig.reaches(id, 'CONFIRMED');
  expect(order).toMatchObject({ totalMinor: 1_250, sagaState: 'COMPLETED', amendUntil: null });
  expect(await findItems(rig.db, id)).toMatchObject([{ quantity: 1 }]);
  expect(await rig.stock(sku)).toEqual({ stock: 1, reserved: 1 });
});

test('an order whose goods ran out can be cancelled, with all its money back', async () => {
  const { id } = await short();
  await rig.command(id, 'cancelOrder', {});
  expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ refundedMinor: 2_500, paymentStatus: 'REFUNDED' });
});
