import { applyCoupon, type Coupon, type CouponTerms } from '../domain/coupon.ts';
import { formatMoney, minorUnits } from '../domain/money.ts';
import { computeTotals, subtotalOf } from '../domain/order-totals.ts';
import type { NewOrderItem, OrderAmounts } from '../domain/order.ts';
import type { Rate } from '../domain/rate.ts';
import { invalidRequest } from '../domain/refusal.ts';

/** What an order's amounts depend on beside its lines. */
export interface TotalTerms {
  readonly currency: string;
  readonly coupon: { readonly coupon: Coupon; readonly usedByCustomer: boolean } | null;
  readonly taxRate: Rate;
  /** A decimal amount in major units of whatever currency, as is the next. */
  readonly shippingRate: string;
  readonly minTotal: string;
}

/** What an order comes to, and what that was worked out by. */
export interface OrderTotals extends OrderAmounts {
  readonly couponTerms: CouponTerms | null;
  readonly taxRate: Rate;
}

/** Adds an order up. Throws VALIDATION for a total that is too small or too large, `CouponRefusedError` for a coupon that does not apply. */
export function totalOrder(items: readonly NewOrderItem[], terms: TotalTerms): OrderTotals {
  const { currency, taxRate } = terms;
  const shippingMinor = minorUnits(terms.shippingRate, currency, 'half up');
  const totals = refuseTooLarge(() => {
    const coupon = terms.coupon && couponTerms(terms.coupon, currency, subtotalOf(items));
    return { ...computeTotals({ lines: items, coupon, taxRate, shippingMinor }), couponTerms: coupon, taxRate };
  });
  requireMinimum(totals.totalMinor, terms);
  return totals;
}

function couponTerms(
  { coupon, usedByCustomer }: NonNullable<TotalTerms['coupon']>,
  currency: string,
  subtotalMinor: number,
): CouponTerms {
  return applyCoupon(coupon, { at: new Date(), currency, subtotalMinor, usedByCustomer });
}

function refuseTooLarge<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidRequest([{ pointer: '/items', message: 'come to too large a total' }]);
  }
}

function requireMinimum(totalMinor: number, { currency, minTotal }: TotalTerms): void {
  const leastMinor = minorUnits(minTotal, currency, 'up');
  if (totalMinor >= leastMinor) return;
  const [total, least] = [formatMoney(totalMinor, currency), formatMoney(leastMinor, currency)];
  const message = `come to ${total} ${currency}; an order must come to at least ${least} ${currency}`;
  throw invalidRequest([{ pointer: '/items', message }]);
}
