import type { CouponTerms } from './coupon.ts';
import { MAX_AMOUNT_MINOR, proportionOf } from './money.ts';
import type { OrderAmounts, OrderItem } from './order.ts';
import { WHOLE, type Rate } from './rate.ts';

/** A line, as far as amounts go. */
export type PricedLine = Pick<OrderItem, 'unitPriceMinor' | 'quantity'>;

/** What an order's amounts are made of; all of it but the lines stays the same for the order's life. */
export interface TotalsInput {
  readonly lines: readonly PricedLine[];
  readonly coupon: CouponTerms | null;
  readonly taxRate: Rate;
  readonly shippingMinor: number;
}

/**
 * What an order comes to. The discount is the coupon's percentage of the subtotal or its amount, never more than the subtotal,
 * and 0 while the subtotal is below the coupon's minimum. Tax is due on `subtotal − discount`, not on shipping, whose price is
 * what the customer pays. Percentages are rounded half up to the minor unit, once an order and never by line.
 * Throws RangeError when an amount is beyond what a double holds exactly.
 */
export function computeTotals({ lines, coupon, taxRate, shippingMinor }: TotalsInput): OrderAmounts {
  const subtotalMinor = subtotalOf(lines);
  const discountMinor = coupon ? discountOf(coupon, subtotalMinor) : 0;
  const taxMinor = proportionOf(subtotalMinor - discountMinor, taxRate, WHOLE);
  const totalMinor = exact(subtotalMinor - discountMinor + taxMinor + shippingMinor);
  return { subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor };
}

/** What the lines come to. Throws RangeError when that is beyond what a double holds exactly. */
export function subtotalOf(lines: readonly PricedLine[]): number {
  return exact(lines.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0));
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
