import { canonicalCouponCode } from '../domain/coupon.ts';
import { STANDARD_SHIPPING } from '../domain/shipping.ts';
import { taxTableOf } from '../domain/tax-table.ts';
import { findCouponFor } from '../repositories/coupon-repository.ts';
import type { Api } from '../http/api.ts';
import { mustBeOneOf, type OrderBody } from '../http/schemas/order-body.ts';
import type { TotalTerms } from './total-order.ts';
import { invalidRequest } from '../domain/refusal.ts';

/** Looks up what an order's amounts depend on. Throws VALIDATION for a coupon or shipping method that there is not. */
export async function findTotalTerms(
  { config, database }: Pick<Api, 'config' | 'database'>,
  body: OrderBody,
  customerId: string,
): Promise<TotalTerms> {
  const { minTotal, shippingRates, taxRates } = config.order;
  const method = shippingMethodOf(body);
  const shippingRate = shippingRates[method];
  // The body may have been checked under other settings than today's.
  if (shippingRate === undefined)
    throw invalidRequest([{ pointer: '/shipping_method', message: mustBeOneOf(Object.keys(shippingRates)) }]);
  return {
    currency: body.currency,
    coupon: body.coupon_code === undefined ? null : await findCoupon(database, body.coupon_code, customerId),
    taxRate: taxTableOf(taxRates).rateFor(body.shipping_address.country),
    shippingRate,
    minTotal,
  };
}

/** The shipping method that an order is sent by. */
export function shippingMethodOf(body: OrderBody): string {
  return body.shipping_method ?? STANDARD_SHIPPING;
}

async function findCoupon({ db }: Api['database'], code: string, customerId: string) {
  const found = await findCouponFor(db, canonicalCouponCode(code), customerId);
  if (found) return found;
  throw invalidRequest([{ pointer: '/coupon_code', message: 'is unknown' }]);
}
