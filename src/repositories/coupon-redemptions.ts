import { sql } from 'kysely';
import { COUPON_USED, COUPON_USED_UP, CouponRefusedError } from '../domain/coupon.ts';

/**
 * Common table expressions that redeem the coupons of the orders in `accepted`. They fail the whole statement if a coupon has
 * been used up, or used by the order's customer, in the meantime; {@link couponRefusalOf} recognises that failure.
 */
export function redeemCoupons(accepted: 'accepted') {
  const orders = sql.ref(accepted);
  // Coupons are locked before their redemptions, here and below, and in alphabetical order: statements with the same coupons
  // can't deadlock. A coupon that is used up isn't found, and its null violates the constraint of the redemption's code.
  return sql`
    wanted as materialized (
      select coupon_code as code, count(*)::integer as uses from ${orders} where coupon_code is not null group by coupon_code
    ),
    locked as materialized (
      select c.code from coupons c where c.code in (select code from wanted) order by c.code for update
    ),
    counted as (
      update coupons c set uses = c.uses + w.uses from wanted w join locked on locked.code = w.code
      where c.code = w.code and (c.max_uses is null or c.uses + w.uses <= c.max_uses)
      returning c.code, c.once_per_customer
    ),
    redeemed as (
      insert into coupon_redemptions (order_id, code, customer_id, once_per_customer)
      select a.id, counted.code, a.customer_id, coalesce(counted.once_per_customer, false)
      from ${orders} a left join counted on counted.code = a.coupon_code where a.coupon_code is not null
    ),`;
}

/** The refusal of a coupon if that is why a statement with {@link redeemCoupons} failed. */
export function couponRefusalOf(error: unknown): CouponRefusedError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code, table, column, constraint } = error as {
    code: unknown;
    table?: string;
    column?: string;
    constraint?: string;
  };
  if (code === '23505' && constraint === 'coupon_redemptions_once_idx') {
    return new CouponRefusedError(COUPON_USED, error);
  }
  const usedUp = code === '23502' && table === 'coupon_redemptions' && column === 'code';
  return usedUp ? new CouponRefusedError(COUPON_USED_UP, error) : undefined;
}

/** Common table expressions that release the coupon, if any, of the order in `cancelled`. */
export function releaseCoupon(cancelled: 'moved' | 'repaired') {
  return sql`
    uncounted as (
      update coupons c set uses = c.uses - 1 from ${sql.ref(cancelled)} o, coupon_redemptions r
      where r.order_id = o.id and c.code = r.code
      returning r.order_id
    ),
    released as (
      delete from coupon_redemptions r using uncounted where r.order_id = uncounted.order_id
    ),`;
}
