import { sql } from 'kysely';
import { COUPON_USED, COUPON_USED_UP, CouponRefusedError } from '../domain/coupon.ts';

/**
 * Common table expressions that note the coupons of the orders in `accepted` as used. They fail the whole statement when one
 * was used up, or used by its customer, at the same moment; {@link couponRefusalOf} tells.
 */
export function redemptionsOf(accepted: 'accepted') {
  const orders = sql.ref(accepted);
  // The coupon's row comes first here and below, and of several coupons the first in the alphabet: statements with the same
  // coupons then wait for each other in turn and never in a circle. A coupon that is used up is not found, and null is what
  // no redemption may have for its code.
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

/** What a failed statement with {@link redemptionsOf} says of the coupon, if it failed for that. */
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

/** Common table expressions that give back the coupon, if any, of the order in the one called `cancelled`. */
export function givenBackFrom(cancelled: 'moved' | 'repaired') {
  return sql`
    uncounted as (
      update coupons c set uses = c.uses - 1 from ${sql.ref(cancelled)} o, coupon_redemptions r
      where r.order_id = o.id and c.code = r.code
      returning r.order_id
    ),
    given_back as (
      delete from coupon_redemptions r using uncounted where r.order_id = uncounted.order_id
    ),`;
}
