import { afterAll, beforeAll, expect, test } from 'vitest';
import { confirmed } from '../../workflows/later-rig.ts';
import { startStripeLife, type StripeLife } from './stripe-life.ts';

let rig: StripeLife;
beforeAll(async () => {
  rig = await startStripeLife({ PAYMENT_CAPTURE: 'shipment' });
});
afterAll(() => rig.stop());

/** A confirmed order of four teapots for 12.50, whose workflow knows it, being processed. */
async function processed(paymentMethod: string) {
  const order = await confirmed(rig, 4, { paymentMethod });
  await rig.rests(order.id);
  expect(rig.stripe.books.balanceOf(order.id)).toEqual({ received: 0, refunded: 0, held: 5_000 });
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  return order;
}

const ship = (id: string, itemId?: string) =>
  rig.command(id, 'changeStatus', {
    status: 'SHIPPED',
    ...(itemId !== undefined && { items: [{ item_id: itemId, quantity: 1 }] }),
  });

const intentsOf = (id: string) =>
  [...rig.stripe.books.intents.values()]
    .filter(({ metadata }) => metadata['order_id'] === id)
    .map(({ amount, amount_received: received }) => [amount, received]);

test('each shipment captures its part of one payment where the card allows it, and both books agree to the penny', async () => {
  const { id, itemId } = await processed('pm_card_visa');
  for (const taken of [1_250, 2_500]) {
    await ship(id, itemId);
    expect(rig.stripe.books.balanceOf(id)).toEqual({ received: taken, refunded: 0, held: 5_000 - taken });
  }
  await ship(id);
  expect(await rig.tell()).toEqual([200]);
  expect(intentsOf(id)).toEqual([[5_000, 5_000]]);
  expect(await rig.agreed(id)).toEqual({ status: 'SHIPPED', kept: 5_000, held: 0, owes: 5_000 });
  expect(await rig.order(id)).toMatchObject({ paymentStatus: 'CAPTURED' });
});

test('a card that allows one capture is captured for the first shipment, and what is left is authorised anew', async () => {
  const { id, itemId } = await processed('pm_card_mastercard');
  rig.stripe.faults.add('lost', /\/capture$/, { times: 2 });
  await ship(id, itemId);
  expect(rig.stripe.books.balanceOf(id)).toEqual({ received: 1_250, refunded: 0, held: 0 });
  rig.stripe.faults.add('lost', /^\/v1\/payment_intents$/, { times: 2 });
  await ship(id);
  expect(await rig.tell()).toEqual([200]);
  expect(intentsOf(id)).toEqual([
    [5_000, 1_250],
    [3_750, 3_750],
  ]);
  expect(await rig.agreed(id)).toEqual({ status: 'SHIPPED', kept: 5_000, held: 0, owes: 5_000 });
});

test('what is held for an order that is cancelled is released, and nothing is refunded', async () => {
  const { id } = await processed('pm_card_visa');
  await rig.command(id, 'cancelOrder', {});
  await rig.reaches(id, 'CANCELLED');
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CANCELLED', kept: 0, held: 0, owes: 0 });
  expect(await rig.order(id)).toMatchObject({ refundedMinor: 0 });
});
