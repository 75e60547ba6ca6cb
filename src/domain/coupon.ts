import { formatMoney, minorUnits, parseMoney } from './money.ts';
import { Refusal } from './refusal.ts';
import { parseRate, type Rate } from './rate.ts';

/** Every kind of coupon: a percentage of the subtotal, or an amount. */
export const couponKinds = ['percent', 'fixed'] as const;

export type CouponKind = (typeof couponKinds)[number];

/** What an order keeps of its coupon, so that its amounts can be computed again when its lines change. */
export type CouponTerms = { readonly minSubtotalMinor: number } & (
  | { readonly kind: 'percent'; readonly rate: Rate }
  | { readonly kind: 'fixed'; readonly amountMinor: number }
);

/** A coupon as staff set it. */
export interface CouponRules {
  /** In upper case; codes that differ in case only are the same. */
  readonly code: string;
  readonly kind: CouponKind;
  /** A percentage with up to 3 decimals, or an amount of `currency`. */
  readonly value: string;
  /** The only currency that it applies to; null is any, and only allowed for percentages. */
  readonly currency: string | null;
  /** In major units of the order's currency. */
  readonly minSubtotal: string | null;
  readonly validFrom: Date | null;
  /** The first moment at which it is no longer valid. */
  readonly validUntil: Date | null;
  readonly oncePerCustomer: boolean;
  /** By all customers together. */
  readonly maxUses: number | null;
  readonly active: boolean;
}

/** A coupon on record; `uses` counts the orders that have it and are not cancelled. */
export interface Coupon extends CouponRules {
  readonly uses: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A coupon does not apply to an order: a VALIDATION refusal of `/coupon_code`. */
export class CouponRefusedError extends Refusal {
  override readonly name = 'CouponRefusedError';

  /** `message` continues a sentence that begins with "the coupon". */
  constructor(message: string, cause?: unknown) {
    super('VALIDATION', `/coupon_code: ${message}`, { details: [{ pointer: '/coupon_code', message }], cause });
  }
}

/** The case-insensitive code in the form that it is kept in. */
export function canonicalCouponCode(code: string): string {
  return code.toUpperCase();
}

/** An order that a coupon is to be applied to. */
export interface CouponUse {
  readonly at: Date;
  readonly currency: string;
  readonly subtotalMinor: number;
  /** Whether an order of the same customer has the coupon. */
  readonly usedByCustomer: boolean;
}

/** The coupon's terms for an order. Throws {@link CouponRefusedError} when it does not apply to that order. */
export function applyCoupon(coupon: Coupon, use: CouponUse): CouponTerms {
  const minSubtotalMinor = coupon.minSubtotal === null ? 0 : minorUnits(coupon.minSubtotal, use.currency, 'up');
  requireApplicable(coupon, use, minSubtotalMinor);
  if (coupon.kind === 'fixed') {
    return { kind: 'fixed', amountMinor: parseMoney(coupon.value, use.currency), minSubtotalMinor };
  }
  const rate = parseRate(coupon.value);
  if (rate === undefined) throw new Error(`coupon ${coupon.code} has no percentage`);
  return { kind: 'percent', rate, minSubtotalMinor };
}

/** What a coupon says that this customer has used before, and one that has no uses left. */
export const COUPON_USED = 'was already used by this customer';
export const COUPON_USED_UP = 'is used up';

function requireApplicable(coupon: Coupon, use: CouponUse, minSubtotalMinor: number): void {
  const { validFrom, validUntil, currency, maxUses } = coupon;
  if (!coupon.active) throw new CouponRefusedError('is not active');
  if (validFrom && use.at < validFrom) throw new CouponRefusedError(`is not valid before ${validFrom.toISOString()}`);
  if (validUntil && use.at >= validUntil) throw new CouponRefusedError(`expired at ${validUntil.toISOString()}`);
  if (currency !== null && currency !== use.currency) {
    throw new CouponRefusedError(`is for orders in ${currency}, not in ${use.currency}`);
  }
  if (coupon.oncePerCustomer && use.usedByCustomer) throw new CouponRefusedError(COUPON_USED);
  if (maxUses !== null && coupon.uses >= maxUses) throw new CouponRefusedError(COUPON_USED_UP);
  if (use.subtotalMinor >= minSubtotalMinor) return;
  const [least, subtotal] = [minSubtotalMinor, use.subtotalMinor].map((minor) => formatMoney(minor, use.currency));
  throw new CouponRefusedError(
    `takes items for at least ${least} ${use.currency}; these come to ${subtotal} ${use.currency}`,
  );
}
