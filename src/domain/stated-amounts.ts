import type { CouponTerms } from './coupon.ts';
import type { FileOrder } from './file-order.ts';
import { formatMoney, MAX_AMOUNT_MINOR, proportionOf } from './money.ts';
import { discountOfLine, subtotalOf, type PricedLine } from './order-totals.ts';
import type { OrderAmounts } from './order.ts';
import { WHOLE, type Rate } from './rate.ts';
import { invalidRequest } from './refusal.ts';

/** What a file states of an order's amounts beside its lines; minor units of `currency`. */
export type StatedAmounts = Pick<
  FileOrder,
  'currency' | 'discountMinor' | 'taxMinor' | 'isTaxIncluded' | 'shippingMinor' | 'feesMinor' | 'totalMinor'
>;

/** An order as another system's file states it: this counts instead of our shipping rates, taxes and coupons. */
export interface StatedOrder {
  readonly amounts: StatedAmounts;
  /** Those of the lines, in their order; minor units. */
  readonly lineDiscountsMinor: readonly number[];
  /** In the file's own words; null where it says nothing. */
  readonly shippingMethod: string | null;
}

/** The amounts of an order as its file states them, and what they become when lines are taken out of it. */
export interface KeptAmounts {
  readonly amounts: OrderAmounts;
  /** What the order's discount is, so that it stays. */
  readonly couponTerms: CouponTerms | null;
  readonly taxRate: Rate;
}

/**
 * Keeps what a file states of an order's amounts: nothing of it is computed. Throws VALIDATION, with both figures, where the lines and the rest
 * don't come to the stated total, and for amounts that can't be an order's.
 */
export function keepAmounts(
  stated: StatedAmounts,
  lines: readonly (PricedLine & { readonly sku: string })[],
): KeptAmounts {
  const { taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor, currency } = stated;
  for (const line of lines) {
    if (discountOfLine(line) < (line.discountMinor ?? 0)) {
      throw fault('/items', `the discount of ${line.sku} is more than it comes to`);
    }
  }
  const subtotalMinor = sumOf(lines);
  const discountMinor = lines.reduce((sum, line) => sum + discountOfLine(line), stated.discountMinor);
  const sumMinor = subtotalMinor - discountMinor + (isTaxIncluded ? 0 : taxMinor) + shippingMinor + feesMinor;
  if (sumMinor > MAX_AMOUNT_MINOR) throw fault('/items', 'the items come to too large a total');
  if (sumMinor !== totalMinor || discountMinor > subtotalMinor) {
    const [sum, total] = [sumMinor, totalMinor].map((minor) => formatMoney(minor, currency));
    throw fault('/total', `is ${total} ${currency}, and lines, discount, tax, shipping and fees come to ${sum}`);
  }
  const amounts = { subtotalMinor, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor };
  return { amounts, couponTerms: couponTermsOf(stated), taxRate: rateOf(amounts) };
}

function sumOf(lines: readonly PricedLine[]): number {
  try {
    return subtotalOf(lines);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw fault('/items', 'the items come to too large a total');
  }
}

function couponTermsOf({ discountMinor }: StatedAmounts): CouponTerms | null {
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
