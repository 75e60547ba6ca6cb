import type { Generated } from 'kysely';
import type { CouponKind } from '../../domain/coupon.ts';

/** Coupons, with how often each is used. */
export interface CouponsTable {
  code: string;
  kind: CouponKind;
  value: string;
  currency: string | null;
  min_subtotal: string | null;
  valid_from: Date | null;
  valid_until: Date | null;
  once_per_customer: boolean;
  max_uses: number | null;
  active: boolean;
  uses: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** Which order uses which coupon. */
export interface CouponRedemptionsTable {
  order_id: string;
  code: string;
  customer_id: string;
  once_per_customer: boolean;
  at: Generated<Date>;
}
