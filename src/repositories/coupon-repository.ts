import { sql, type Selectable } from 'kysely';
import type { Coupon, CouponRules } from '../domain/coupon.ts';
import type { CouponsTable } from './schema/coupon-tables.ts';
import type { Db } from './schema.ts';

/** Creates a coupon, or replaces the rules of the one with this code; the count of its uses stays. */
export async function putCoupon(db: Db, rules: CouponRules): Promise<{ coupon: Coupon; created: boolean }> {
  const row = {
    kind: rules.kind,
    value: rules.value,
    currency: rules.currency,
    min_subtotal: rules.minSubtotal,
    valid_from: rules.validFrom,
    valid_until: rules.validUntil,
    once_per_customer: rules.oncePerCustomer,
    max_uses: rules.maxUses,
    active: rules.active,
  };
  const { created, ...coupon } = await db
    .insertInto('coupons')
    .values({ code: rules.code, ...row })
    .onConflict((conflict) => conflict.column('code').doUpdateSet({ ...row, updated_at: sql`now()` }))
    .returningAll()
    // PostgreSQL leaves xmax at 0 in a row that the statement inserted.
    .returning(sql<boolean>`xmax = 0`.as('created'))
    .executeTakeFirstOrThrow();
  return { coupon: toCoupon(coupon), created };
}

/** The coupon with this code, in upper case. */
export async function findCoupon(db: Db, code: string): Promise<Coupon | undefined> {
  const row = await db.selectFrom('coupons').selectAll().where('code', '=', code).executeTakeFirst();
  return row && toCoupon(row);
}

/** The same, and whether an order of this customer uses it; cancelled orders don't count. */
export async function findCouponFor(
  db: Db,
  code: string,
  customerId: string,
): Promise<{ coupon: Coupon; usedByCustomer: boolean } | undefined> {
  const row = await db
    .selectFrom('coupons')
    .selectAll()
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('coupon_redemptions as r')
          .select('r.order_id')
          .whereRef('r.code', '=', 'coupons.code')
          .where('r.customer_id', '=', customerId),
      ).as('used'),
    )
    .where('code', '=', code)
    .executeTakeFirst();
  return row && { coupon: toCoupon(row), usedByCustomer: Boolean(row.used) };
}

/** Up to `limit` coupons in the order of their codes, from the one after `after`. */
export async function listCoupons(db: Db, limit: number, after: string | undefined): Promise<Coupon[]> {
  const select = db.selectFrom('coupons').selectAll().orderBy('code').limit(limit);
  const rows = await (after === undefined ? select : select.where('code', '>', after)).execute();
  return rows.map(toCoupon);
}

function toCoupon(row: Selectable<CouponsTable>): Coupon {
  return {
    code: row.code,
    kind: row.kind,
    value: row.value,
    currency: row.currency,
    minSubtotal: row.min_subtotal,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    oncePerCustomer: row.once_per_customer,
    maxUses: row.max_uses,
    active: row.active,
    uses: row.uses,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
