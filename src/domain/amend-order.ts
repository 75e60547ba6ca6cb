import type { AmendedOrder } from './amendment.ts';
import type { OrderRules } from './order-rules.ts';
import type { NewOrderItem, Order, OrderItem } from './order.ts';
import { invalidRequest, type Refusal } from './refusal.ts';
import { totalOrder } from './total-order.ts';

/** One change of an order's lines. */
export type ItemChange =
  | { readonly change: 'add'; readonly item: NewOrderItem }
  | { readonly change: 'set'; readonly itemId: string; readonly quantity: number }
  | { readonly change: 'remove'; readonly itemId: string };

type Amendable = Pick<Order, 'currency' | 'couponTerms' | 'taxRate' | 'shippingMinor'> & {
  readonly items: readonly OrderItem[];
};

/** The order's lines and amounts after the change. Throws VALIDATION when the change can't be made. */
export function amendOrder(order: Amendable, change: ItemChange, rules: OrderRules): AmendedOrder {
  if (change.change !== 'add' && !order.items.some(({ id }) => id === change.itemId)) {
    throw notPossible(`the order has no item ${change.itemId}`);
  }
  if (change.change === 'add' && order.items.some(({ id }) => id === change.item.id)) {
    throw notPossible(`the order has an item ${change.item.id} already`);
  }
  const items = changedItems(order.items, change);
  if (items.length === 0) throw notPossible('an order has at least one item: cancel it instead');
  if (items.length > rules.maxItems) throw notPossible(`an order has at most ${rules.maxItems} items`);
  const { couponTerms: coupon, taxRate, shippingMinor, currency } = order;
  const amounts = totalOrder(
    { lines: items, coupon, taxRate, shippingMinor },
    { currency, minTotal: rules.minTotal },
    '',
  );
  return { items, ...amounts };
}

function changedItems(items: readonly OrderItem[], change: ItemChange): OrderItem[] {
  switch (change.change) {
    case 'add':
      return [...items, { ...change.item, shippedQuantity: 0, returnedQuantity: 0 }];
    case 'set':
      return items.map((item) => (item.id === change.itemId ? { ...item, quantity: change.quantity } : item));
    case 'remove':
      return items.filter(({ id }) => id !== change.itemId);
    default:
      return change satisfies never;
  }
}

function notPossible(message: string): Refusal {
  return invalidRequest([{ pointer: '', message }]);
}
