import fc, { type Arbitrary } from 'fast-check';
import { fulfilmentStatuses, type FulfilmentStatus } from '../../../src/domain/order-status.ts';
import type { ItemQuantity } from '../../../src/domain/order-return.ts';
import { countries, items, products } from './order.ts';

/** How a command is sent. */
export const send = { by: fc.constantFrom('update' as const, 'signal' as const), twice: fc.boolean() };
export const cancelOrder = fc.record({ what: fc.constant('cancelOrder' as const), ...send });
const itemQuantity: Arbitrary<ItemQuantity> = fc.record({
  item_id: fc.constantFrom(...items.map(({ id }) => id)),
  quantity: fc.constantFrom(1, 1, 2),
});
const itemQuantities = fc.oneof(
  fc.array(itemQuantity, { minLength: 1, maxLength: 1 }),
  fc.constant(items.map(({ id, quantity }) => ({ item_id: id, quantity }))),
);
/** Ships some lines. */
export const shipment = fc.record({
  what: fc.constant('changeStatus' as const),
  status: fc.constant('SHIPPED' as const),
  items: itemQuantities,
  ...send,
});
/** Moves the order to one of these statuses. */
export const statusChange = (...statuses: FulfilmentStatus[]) =>
  fc.record({ what: fc.constant('changeStatus' as const), status: fc.constantFrom(...statuses), ...send });
export const changeStatus = fc.oneof({ weight: 2, arbitrary: statusChange(...fulfilmentStatuses) }, shipment);
export const returnItems = fc.record({ what: fc.constant('returnItems' as const), items: itemQuantities, ...send });
/** Gives an amount back without goods; the last is more than the order comes to. */
export const refundPayment = fc.record({
  what: fc.constant('refundPayment' as const),
  amount: fc.constantFrom('0.01', '2.00', '10.00', '12.50', '25.00', '900.00'),
  ...send,
});
/** Where a gift card stands among the payment methods, in half of the plans. */
export const anyGiftCard = fc.constantFrom('none' as const, 'none' as const, 'first' as const, 'last' as const);
export const retryPayment = fc.record({
  what: fc.constant('retryPayment' as const),
  paymentMethod: fc.constantFrom('tok_ok', 'tok_ok', 'tok_declined'),
  giftCard: anyGiftCard,
  ...send,
});
const line = { item_id: fc.constantFrom(...items.map(({ id }) => id)), what: fc.constant('amendItems' as const) };
/** Takes goods out of an order. */
export const lessOfItems = fc.oneof(
  fc.record({ ...line, change: fc.constant('set' as const), quantity: fc.constantFrom(1, 2), ...send }),
  fc.record({ ...line, change: fc.constant('remove' as const), ...send }),
);
/** Sends the goods to where another tax may be due. */
const redirect = fc.record({
  what: fc.constant('redirect' as const),
  country: fc.constantFrom(...countries),
  ...send,
});
/** Changes what an order comes to. */
export const amendItems = fc.oneof(
  { weight: 2, arbitrary: redirect },
  {
    weight: 4,
    arbitrary: fc.record({
      ...line,
      change: fc.constant('set' as const),
      quantity: fc.integer({ min: 1, max: 5 }),
      ...send,
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...line, change: fc.constant('remove' as const), ...send }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: line.what,
      change: fc.constant('add' as const),
      sku: fc.constantFrom(...products.map(({ sku }) => sku), 'UNKNOWN'),
      quantity: fc.integer({ min: 1, max: 3 }),
      ...send,
    }),
  },
);
