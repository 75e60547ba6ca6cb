import { applyCoupon, canonicalCouponCode } from '../domain/coupon.ts';
import { priceItem } from '../domain/item-price.ts';
import { minorUnits } from '../domain/money.ts';
import { subtotalOf, type PricedLine } from '../domain/order-totals.ts';
import type { PlacingRules } from '../domain/order-rules.ts';
import type { CustomerDetails, NewOrder, NewOrderItem } from '../domain/order.ts';
import { invalidRequest, Refusal, type RefusalDetail } from '../domain/refusal.ts';
import { requireActiveCustomer } from '../domain/require-active-customer.ts';
import { STANDARD_SHIPPING } from '../domain/shipping.ts';
import { taxTableOf } from '../domain/tax-table.ts';
import { refuseTooLarge, totalOrder } from '../domain/total-order.ts';
import type { Product } from '../gateways/index.ts';
import type { CouponFacts, OrderFacts } from './find-order-facts.ts';
import { mustBeOneOf, type OrderRequest } from './order-request.ts';

/** An order as it will be accepted, without its ids and its origin. */
export type DecidedOrder = Omit<
  NewOrder,
  'id' | 'items' | 'customerId' | 'batchId' | 'placedBy' | 'placedByService' | 'requestId' | 'traceparent'
> & {
  readonly items: readonly Omit<NewOrderItem, 'id'>[];
};

/** Whose prices count, and when the order is placed. */
export interface Placing {
  readonly maySetPrices: boolean;
  readonly at: Date;
}

/**
 * Checks, prices and totals an order: the same request, facts and rules always make the same order. Throws ORD001 for a customer who
 * may not order, PRICE_CHANGED for prices that differ from the catalogue's, and VALIDATION for all else that keeps it from being sold.
 */
export function decideOrder(
  request: OrderRequest,
  facts: OrderFacts,
  rules: PlacingRules,
  placing: Placing,
): DecidedOrder {
  const { shippingMethod, shippingMinor } = priceShipping(request, rules);
  requireActiveCustomer(facts.customer);
  requireKnownCoupon(request.coupon_code, facts.coupon);
  const { currency } = request;
  const items = priceItems(request, facts.products, placing.maySetPrices);
  const terms = {
    couponTerms: facts.coupon ? couponTermsOf(facts.coupon, currency, items, placing.at) : null,
    taxRate: taxTableOf(rules.taxRates).rateFor(request.shipping_address.country),
    shippingMinor,
  };
  const amounts = totalOrder(
    { lines: items, coupon: terms.couponTerms, taxRate: terms.taxRate, shippingMinor: terms.shippingMinor },
    { currency, minTotal: rules.minTotal },
    '/items',
  );
  return {
    currency,
    items,
    ...terms,
    ...amounts,
    paymentMethod: request.payment_method,
    shippingAddress: request.shipping_address,
    billingAddress: request.billing_address ?? null,
    shippingMethod,
    couponCode: request.coupon_code === undefined ? null : canonicalCouponCode(request.coupon_code),
    ...customerDetailsOf(request),
    notes: request.notes ?? null,
    reference: request.reference ?? null,
    source: request.source ?? null,
    metadata: request.metadata ?? {},
  };
}

/** How an order is shipped, and what that costs in minor units. Throws VALIDATION for a method that is not offered. */
export function priceShipping(
  { shipping_method: shippingMethod = STANDARD_SHIPPING, currency }: Pick<OrderRequest, 'shipping_method' | 'currency'>,
  { shippingRates }: Pick<PlacingRules, 'shippingRates'>,
): { readonly shippingMethod: string; readonly shippingMinor: number } {
  const rate = shippingRates[shippingMethod];
  if (rate !== undefined) return { shippingMethod, shippingMinor: minorUnits(rate, currency, 'half up') };
  // The settings may have changed since the request was checked.
  throw invalidRequest([{ pointer: '/shipping_method', message: mustBeOneOf(Object.keys(shippingRates)) }]);
}

function customerDetailsOf(request: OrderRequest): CustomerDetails {
  return {
    customerName: request.customer_name ?? null,
    customerEmail: request.customer_email ?? null,
    customerPhone: request.customer_phone ?? null,
    locale: request.locale ?? null,
  };
}

/** Throws VALIDATION for a coupon that nobody knows. */
export function requireKnownCoupon(couponCode: string | undefined, coupon: CouponFacts | undefined): void {
  if (couponCode === undefined || coupon) return;
  throw invalidRequest([{ pointer: '/coupon_code', message: 'is unknown' }]);
}

/** The priced lines. Throws VALIDATION with every line that can't be sold, or else PRICE_CHANGED with every price that differs. */
function priceItems(request: OrderRequest, products: readonly Product[], maySetPrices: boolean) {
  const productOf = productsByKey(products);
  const terms = { currency: request.currency, maySetPrices };
  const refusals: Refusal[] = [];
  const items: Omit<NewOrderItem, 'id'>[] = [];
  request.items.forEach((item, index) => {
    try {
      const { product, unitPriceMinor } = priceItem(productOf(item), item, terms, `/items/${index}`);
      const { id: productId, sku, name } = product;
      const variantId = item.variant_id ?? null;
      items.push({ productId, sku, name, variantId, unitPriceMinor, quantity: item.quantity });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
    }
  });
  const detailsOf = (code: Refusal['code']): RefusalDetail[] =>
    refusals.flatMap((refusal) => (refusal.code === code ? refusal.details : []));
  const faults = detailsOf('VALIDATION');
  if (faults.length > 0) throw invalidRequest(faults);
  const [changed] = refusals;
  if (changed) throw new Refusal(changed.code, changed.message, { details: detailsOf(changed.code) });
  return items;
}

/** Finds the product that a line names. */
export function productsByKey(
  products: readonly Product[],
): (line: Pick<OrderRequest['items'][number], 'sku' | 'product_id'>) => Product | undefined {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const byId = new Map(products.map((product) => [product.id, product]));
  return ({ sku, product_id: id }) => (sku === undefined ? byId.get(id ?? '') : bySku.get(sku));
}

/** What a coupon grants to an order of these lines. Throws a VALIDATION refusal when it does not apply. */
export function couponTermsOf(
  { coupon, usedByCustomer }: CouponFacts,
  currency: string,
  items: readonly PricedLine[],
  at: Date,
) {
  const subtotalMinor = refuseTooLarge(() => subtotalOf(items), '/items');
  return applyCoupon(coupon, { at, currency, subtotalMinor, usedByCustomer });
}
