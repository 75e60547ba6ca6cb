import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { beginReview } from '../../src/repositories/order-reviews.ts';
import { openOrders, someOrder } from './orders.ts';

let store: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  store = await openOrders();
});
afterAll(() => store.close());

/** Begins the review of a new order that is to be paid with these methods. */
async function review(customerId: string, paymentMethodHashes: readonly string[]) {
  const order = someOrder({ customerId });
  await acceptOrder(store.db, order, null);
  const begun = { orderId: order.id, occasion: 'placed', customerId, currency: 'EUR' } as const;
  return beginReview(store.db, {
    ...begun,
    key: `${order.id}:review`,
    paymentMethodHashes,
    shippingAddressHash: order.id,
  });
}

test('each of several payment methods is counted, whichever of them an order shares with others', async () => {
  expect(await review('ann', ['card'])).toMatchObject({ ordersOfPaymentMethod: 1, paymentMethodsOfCustomer: 1 });
  expect(await review('bob', ['card', 'voucher'])).toMatchObject({
    ordersOfPaymentMethod: 2,
    paymentMethodsOfCustomer: 2,
  });
  expect(await review('cid', ['card', 'other'])).toMatchObject({ ordersOfPaymentMethod: 3 });
  expect(await review('dan', ['voucher', 'fresh'])).toMatchObject({ ordersOfPaymentMethod: 2 });
  expect(await review('bob', ['fresh', 'third'])).toMatchObject({
    ordersOfPaymentMethod: 2,
    paymentMethodsOfCustomer: 4,
  });
  expect(await review('bob', ['card'])).toMatchObject({ ordersOfPaymentMethod: 4, paymentMethodsOfCustomer: 4 });
});
