import type { CouponTerms } from './coupon.ts';
import type { FileOrder, FileOrderLine } from './file-order.ts';
import { formatMoney, MAX_AMOUNT_MINOR, proportionOf } from './money.ts';
import { settleStanding, type Standing, type UnpaidOrders } from './order-standing.ts';
import { discountOfLine, subtotalOf } from './order-totals.ts';
import type { OrderAmounts, OrderItem } from './order.ts';
import { WHOLE, type Rate } from './rate.ts';
import { invalidRequest } from './refusal.ts';

/** A line of an order that is taken in. */
export type TakenInItem = Omit<OrderItem, 'id' | 'splitFrom'>;

/** An order of another system's file as the books have it once it is taken in. */
export interface TakenInOrder extends Standing {
  readonly amounts: OrderAmounts;
  /** What the order's discount is, so that it stays when lines are taken out of it. */
  readonly couponTerms: CouponTerms | null;
  readonly taxRate: Rate;
  readonly items: readonly TakenInItem[];
}

/**
 * What taking an order in makes of it: the same file, moment and terms always make the same. Nothing is computed that the file states.
 * Throws VALIDATION for amounts that don't come to the stated total, or can't be an order's.
 */
export function takeInOrder(order: FileOrder, unpaid: UnpaidOrders, at: Date): TakenInOrder {
  const standing = settleStanding(order, unpaid, at);
  const items = order.lines.map((line) => toItem(line, standing));
  const amounts = stateAmounts(order, items);
  if (items.length === 0 && standing.status !== 'CANCELLED') throw fault('/items', 'the order has no items');
  if (standing.refundedMinor > amounts.totalMinor) {
    const [refunded, total] = [standing.refundedMinor, amounts.totalMinor].map((minor) =>
      formatMoney(minor, order.currency),
    );
    throw fault('/refunded_amount', `is ${refunded}, more than the total of ${total}`);
  }
  return { ...standing, items, amounts, couponTerms: couponTermsOf(order), taxRate: rateOf(amounts) };
}

/** A line without a price costs nothing in an order that was never paid for; elsewhere it has been given the catalogue's before. */
function toItem(line: FileOrderLine, { status, hasLeft, hasReturned }: Standing): TakenInItem {
  const { sku, productId = sku, name = sku, variantId = null, quantity, discountMinor } = line;
  if (line.unitPriceMinor === null && status !== 'CANCELLED') throw fault('/items', `${sku} has no price`);
  const shippedQuantity = hasLeft
    ? quantity
    : Math.min(Math.max(line.shippedQuantity, line.returnedQuantity), quantity);
  const returnedQuantity = hasReturned ? shippedQuantity : Math.min(line.returnedQuantity, shippedQuantity);
  const item = { productId, sku, name, variantId, unitPriceMinor: line.unitPriceMinor ?? 0, discountMinor, quantity };
  if (discountOfLine(item) < discountMinor) {
    throw fault('/items', `the discount of ${sku} is more than it comes to`);
  }
  return { ...item, shippedQuantity, returnedQuantity };
}

function stateAmounts(order: FileOrder, items: readonly TakenInItem[]): OrderAmounts {
  const { taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor, currency } = order;
  const subtotalMinor = statedSum(items);
  const discountMinor = items.reduce((sum, item) => sum + discountOfLine(item), order.discountMinor);
  const sumMinor = subtotalMinor - discountMinor + (isTaxIncluded ? 0 : taxMinor) + shippingMinor + feesMinor;
  if (sumMinor > MAX_AMOUNT_MINOR) throw fault('/items', 'the items come to too large a total');
  if (sumMinor !== totalMinor || discountMinor > subtotalMinor) {
    const [sum, total] = [sumMinor, totalMinor].map((minor) => formatMoney(minor, currency));
    throw fault('/total', `is ${total} ${currency}, and lines, discount, tax, shipping and fees come to ${sum}`);
  }
  return { subtotalMinor, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor };
}

function statedSum(items: readonly TakenInItem[]): number {
  try {
    return subtotalOf(items);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw fault('/items', 'the items come to too large a total');
  }
}

function couponTermsOf({ discountMinor }: FileOrder): CouponTerms | null {
  return discountMinor === 0 ? null : { kind: 'fixed', amountMinor: discountMinor, minSubtotalMinor: 0 };
}

/** The rate that the stated tax is of the goods, so that it follows them when some are taken out. */
function rateOf({ subtotalMinor, discountMinor, taxMinor, isTaxIncluded }: OrderAmounts): Rate {
  const taxedMinor = subtotalMinor - discountMinor - (isTaxIncluded ? taxMinor : 0);
  return taxedMinor <= 0 ? 0 : Math.min(proportionOf(WHOLE, taxMinor, taxedMinor), WHOLE);
}

function fault(pointer: string, message: string) {
  return invalidRequest([{ pointer, message }]);
}
