import { proportionOf } from './money.ts';
import type { OrderAmounts, OrderItem } from './order.ts';
import { discountOfLine } from './order-totals.ts';

/** What an order's refunds are worked out from: its amounts, and its lines in their order. */
export type RefundableOrder = Pick<OrderAmounts, 'shippingMinor' | 'totalMinor'> & {
  /** None unless given. */
  readonly feesMinor?: number | undefined;
  readonly items: readonly Pick<OrderItem, 'id' | 'unitPriceMinor' | 'quantity' | 'discountMinor'>[];
};

/** How many units have come back, by item id; a line that is not named has all of its units out. */
export type ReturnedQuantities = Readonly<Record<string, number>>;

/**
 * What is due back once so many units have been returned: their part of goods and tax less the discount, and shipping
 * and fees when nothing is left out. A return refunds what is due after it less what was due before it, so that returning everything,
 * in whatever parts and order, refunds the total exactly.
 */
export function refundDueMinor(order: RefundableOrder, returned: ReturnedQuantities): number {
  const quantityOf = (id: string) => (Object.hasOwn(returned, id) ? (returned[id] ?? 0) : 0);
  if (order.items.every(({ id, quantity }) => quantityOf(id) === quantity)) return order.totalMinor;
  return order.items.reduce((sum, { id }) => sum + refundShareMinor(order, id, 0, quantityOf(id)), 0);
}

/**
 * The part of an order's total without shipping and fees that falls to a line's units from the `fromQuantity`-th (counted from 0) up to
 * but not including the `toQuantity`-th, in proportion to their price, less their line's own discount, and within one minor unit of it. Every unit's part is the
 * difference of two rounded running sums, so that the parts of all units add up exactly. Throws RangeError for no such units.
 */
export function refundShareMinor(
  order: RefundableOrder,
  itemId: string,
  fromQuantity: number,
  toQuantity: number,
): number {
  const index = order.items.findIndex(({ id }) => id === itemId);
  const item = order.items[index];
  if (!item || !isRange(fromQuantity, toQuantity, item.quantity)) {
    throw new RangeError(`the order has no units ${fromQuantity} to ${toQuantity} of line ${itemId}`);
  }
  const worthInAllMinor = worthOf(order.items);
  if (worthInAllMinor === 0) return 0;
  const beforeMinor = worthOf(order.items.slice(0, index));
  const goodsMinor = order.totalMinor - besideGoodsMinor(order);
  const runningSum = (quantity: number) =>
    proportionOf(goodsMinor, beforeMinor + worthOfUnits(item, quantity), worthInAllMinor);
  return runningSum(toQuantity) - runningSum(fromQuantity);
}

/** What is paid beside the goods, and goes back with the last of them. */
function besideGoodsMinor({ shippingMinor, feesMinor = 0 }: RefundableOrder): number {
  return shippingMinor + feesMinor;
}

function worthOf(items: RefundableOrder['items']): number {
  return items.reduce((sum, item) => sum + worthOfUnits(item, item.quantity), 0);
}

/** What the first units of a line come to, each with its part of the line's own discount. */
function worthOfUnits(item: RefundableOrder['items'][number], quantity: number): number {
  return item.unitPriceMinor * quantity - proportionOf(discountOfLine(item), quantity, item.quantity);
}

function isRange(from: number, to: number, quantity: number): boolean {
  return Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= quantity;
}
