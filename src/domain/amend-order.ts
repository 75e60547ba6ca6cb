import type { AmendedOrder } from './amendment.ts';
import { formatMoney, minorUnits } from './money.ts';
import { computeTotals } from './order-totals.ts';
import type { NewOrderItem, Order, OrderItem } from './order.ts';

/** One change of an order's lines. */
export type ItemChange =
  | { readonly change: 'add'; readonly item: NewOrderItem }
  | { readonly change: 'set'; readonly itemId: string; readonly quantity: number }
  | { readonly change: 'remove'; readonly itemId: string };

/** What an order may be. */
export interface OrderRules {
  readonly maxItems: number;
  /** A decimal amount in major units of whatever currency. */
  readonly minTotal: string;
}

type Amendable = Pick<Order, 'currency' | 'couponTerms' | 'taxRate' | 'shippingMinor'> & {
  readonly items: readonly OrderItem[];
};

/** The order's lines and amounts after the change, or a sentence that says why it can't be. */
export function amendOrder(order: Amendable, change: ItemChange, rules: OrderRules): AmendedOrder | string {
  if (change.change !== 'add' && !order.items.some(({ id }) => id === change.itemId)) {
    return `the order has no item ${change.itemId}`;
  }
  if (change.change === 'add' && order.items.some(({ id }) => id === change.item.id)) {
    return `the order has an item ${change.item.id} already`;
  }
  const items = changedItems(order.items, change);
  if (items.length === 0) return 'an order has at least one item: cancel it instead';
  if (items.length > rules.maxItems) return `an order has at most ${rules.maxItems} items`;
  const { couponTerms: coupon, taxRate, shippingMinor } = order;
  if (isTooLarge(items)) return 'the items come to too large a total';
  const amounts = computeTotals({ lines: items, coupon, taxRate, shippingMinor });
  const least = minorUnits(rules.minTotal, order.currency, 'up');
  if (amounts.totalMinor < least) {
    const [total, minimum] = [formatMoney(amounts.totalMinor, order.currency), formatMoney(least, order.currency)];
    return `the order would come to ${total} ${order.currency}; it must come to at least ${minimum} ${order.currency}`;
  }
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

/** Half of what a double holds exactly leaves room for tax and shipping. */
function isTooLarge(items: readonly OrderItem[]): boolean {
  const subtotalMinor = items.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0);
  return subtotalMinor > Number.MAX_SAFE_INTEGER / 2;
}
