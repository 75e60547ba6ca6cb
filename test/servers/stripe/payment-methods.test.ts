import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PaymentPart } from '../../../src/domain/payment-part.ts';
import { startStripeLife, type StripeLife } from './stripe-life.ts';

let rig: StripeLife;
beforeAll(async () => {
  rig = await startStripeLife();
});
afterAll(() => rig.stop());

const FIRST: PaymentPart = { paymentMethod: 'pm_card_jp', amountMinor: 1_000 };
const SECOND: PaymentPart = { paymentMethod: 'pm_card_visa', amountMinor: 1_500 };

/** Places an order of EUR 25.00 over two teapots. */
async function placeWith(...paymentParts: readonly PaymentPart[]): Promise<string> {
  const sku = `sku-${uuidv7()}`;
  await rig.product(sku, 100);
  const item = { id: uuidv7(), productId: 'p1', sku, name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 };
  return rig.place({ items: [item], paymentMethod: paymentParts.at(-1)!.paymentMethod, paymentParts });
}

async function confirmedWith(...parts: readonly PaymentPart[]): Promise<string> {
  const id = await placeWith(...parts);
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  return id;
}

/** What Stripe has of each payment of an order, the oldest first: method, status, what was received and what was refunded of it. */
function paymentsOf(orderId: string) {
  const { intents, refunds } = rig.stripe.books;
  const own = [...intents.values()].filter(({ metadata }) => metadata['order_id'] === orderId);
  return own.map(({ id, payment_method: method, status, amount_received: received }) => {
    const refunded = [...refunds.values()].filter((refund) => refund.payment_intent === id);
    return [method, status, received, refunded.reduce((sum, { amount }) => sum + amount, 0)];
  });
}

test('an order is paid by two methods, and what is refunded goes back from the one that was used last first', async () => {
  const id = await confirmedWith(FIRST, SECOND);
  expect(paymentsOf(id)).toEqual([
    ['pm_card_jp', 'succeeded', 1_000, 0],
    ['pm_card_visa', 'succeeded', 1_500, 0],
  ]);
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 2_500, held: 0, owes: 2_500 });
  for (const [amount, first, second] of [
    ['14.00', 0, 1_400],
    ['3.00', 200, 1_500],
  ] as const) {
    await rig.command(id, 'refundPayment', { amount });
    expect(paymentsOf(id).map(([, , , refunded]) => refunded)).toEqual([first, second]);
  }
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 800, held: 0, owes: 800 });
  await rig.command(id, 'cancelOrder', {});
  await rig.reaches(id, 'CANCELLED');
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CANCELLED', kept: 0, held: 0, owes: 0 });
});

test('when the second of two methods is declined the first is voided and nothing is held, and two others pay', async () => {
  const id = await placeWith(FIRST, { ...SECOND, paymentMethod: 'pm_card_chargeDeclined' });
  const failed = await rig.reaches(id, 'PAYMENT_FAILED');
  expect(failed.failure?.details).toMatchObject([{ decline_code: 'generic_decline' }]);
  await rig.rests(id);
  expect(paymentsOf(id)).toMatchObject([
    ['pm_card_jp', 'canceled', 0, 0],
    [null, 'canceled', 0, 0],
  ]);
  expect(await rig.tell()).toEqual([200]);
  expect(rig.stripe.books.balanceOf(id)).toEqual({ received: 0, refunded: 0, held: 0 });

  const payment_methods = [
    { method: 'pm_card_visa', amount: '20.00' },
    { method: 'pm_card_jp', amount: '5.00' },
  ];
  await rig.command(id, 'retryPayment', { payment_methods });
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 2_500, held: 0, owes: 2_500 });
});

test.each([
  ['authorise', /^\/v1\/payment_intents$/],
  ['capture', /\/capture$/],
])('two methods are each charged once though the replies of what would %s them are lost', async (_, path) => {
  rig.stripe.faults.add('lost', path, { times: 3 });
  const id = await confirmedWith(FIRST, SECOND);
  expect(paymentsOf(id)).toEqual([
    ['pm_card_jp', 'succeeded', 1_000, 0],
    ['pm_card_visa', 'succeeded', 1_500, 0],
  ]);
  expect(await rig.tell()).toEqual([200]);
  expect(await rig.agreed(id)).toEqual({ status: 'CONFIRMED', kept: 2_500, held: 0, owes: 2_500 });
});
