import type { CouponTerms } from './coupon.ts';
import { MAX_AMOUNT_MINOR, proportionOf } from './money.ts';
import type { OrderAmounts, OrderItem } from './order.ts';
import { WHOLE, type Rate } from './rate.ts';

/** A line, as far as amounts go. */
export type PricedLine = Pick<OrderItem, 'unitPriceMinor' | 'quantity' | 'discountMinor'>;

/** What an order's amounts are made of; all of it but the lines stays the same for the order's life. */
export interface TotalsInput {
  readonly lines: readonly PricedLine[];
  readonly coupon: CouponTerms | null;
  readonly taxRate: Rate;
  readonly shippingMinor: number;
  /** None unless given. */
  readonly feesMinor?: number | undefined;
  /** Whether the prices hold the tax already; they don't unless it is given. */
  readonly isTaxIncluded?: boolean | undefined;
}

/**
 * What an order comes to. The discount is that of the lines, and the coupon's percentage of the subtotal or its amount: never more than
 * the subtotal, and the coupon's is 0 while the subtotal is below its minimum. Tax is due on `subtotal − discount`, not on shipping and
 * fees, whose price is what the customer pays. Percentages are rounded half up to the minor unit, once an order and never by line.
 * Throws RangeError when an amount is beyond what a double holds exactly.
 */
export function computeTotals(input: TotalsInput): OrderAmounts {
  const { lines, coupon, taxRate, shippingMinor, feesMinor = 0, isTaxIncluded = false } = input;
  const subtotalMinor = subtotalOf(lines);
  const ofLinesMinor = lines.reduce((sum, line) => sum + discountOfLine(line), 0);
  const ofCouponMinor = coupon ? discountOf(coupon, subtotalMinor) : 0;
  const discountMinor = Math.min(ofLinesMinor + ofCouponMinor, subtotalMinor);
  const goodsMinor = subtotalMinor - discountMinor;
  const taxMinor = proportionOf(goodsMinor, taxRate, isTaxIncluded ? WHOLE + taxRate : WHOLE);
  const totalMinor = exact(goodsMinor + (isTaxIncluded ? 0 : taxMinor) + shippingMinor + feesMinor);
  return { subtotalMinor, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor };
}

/** What the lines come to. Throws RangeError when that is beyond what a double holds exactly. */
export function subtotalOf(lines: readonly PricedLine[]): number {
  return exact(lines.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0));
}

/** A line's own discount, which is never more than the line comes to. */
export function discountOfLine({ unitPriceMinor, quantity, discountMinor = 0 }: PricedLine): number {
  return Math.min(discountMinor, unitPriceMinor * quantity);
}

function discountOf(coupon: CouponTerms, subtotalMinor: number): number {
  if (subtotalMinor < coupon.minSubtotalMinor) return 0;
  if (coupon.kind === 'percent') return proportionOf(subtotalMinor, coupon.rate, WHOLE);
  return Math.min(coupon.amountMinor, subtotalMinor);
}

/** Amounts are never negative: once one of them is rounded, their sum is beyond the limit as well. */
function exact(amountMinor: number): number {
  if (amountMinor > MAX_AMOUNT_MINOR) throw new RangeError('the amounts come to too large a total');
  return amountMinor;
}
