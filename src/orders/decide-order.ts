import { applyCoupon, canonicalCouponCode } from '../domain/coupon.ts';
import { priceItem } from '../domain/item-price.ts';
import { minorUnits } from '../domain/money.ts';
import { subtotalOf, type PricedLine } from '../domain/order-totals.ts';
import type { PlacingRules } from '../domain/order-rules.ts';
import type { CustomerDetails, NewOrder, NewOrderItem } from '../domain/order.ts';
import { invalidRequest, Refusal, type RefusalDetail } from '../domain/refusal.ts';
import { requireActiveCustomer } from '../domain/require-active-customer.ts';
import { STANDARD_SHIPPING } from '../domain/shipping.ts';
import { keepAmounts, type StatedOrder } from '../domain/stated-amounts.ts';
import { taxTableOf } from '../domain/tax-table.ts';
import { refuseTooLarge, requireLeastTotal, totalOrder } from '../domain/total-order.ts';
import type { Product } from '../gateways/index.ts';
import type { CouponFacts, OrderFacts } from './find-order-facts.ts';
import { mustBeOneOf, type OrderRequest } from './order-request.ts';
import { readPayment } from './payment-methods.ts';

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
  /** What a file states of the order, which is kept as it is. */
  readonly stated?: StatedOrder | undefined;
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
  requireActiveCustomer(facts.customer);
  requireKnownCoupon(request.coupon_code, facts.coupon);
  const items = priceItems(request, facts.products, placing.maySetPrices);
  const { currency } = request;
  const { stated, at } = placing;
  const totals = stated
    ? keepTotal(items, stated, rules)
    : computeTotal({ request, items, coupon: facts.coupon, at }, rules);
  return {
    currency,
    ...totals,
    ...readPayment(request, { ...totals, currency, paymentCapture: rules.paymentCapture }),
    shippingAddress: request.shipping_address,
    billingAddress: request.billing_address ?? null,
    couponCode: request.coupon_code === undefined ? null : canonicalCouponCode(request.coupon_code),
    ...customerDetailsOf(request),
    notes: request.notes ?? null,
    reference: request.reference ?? null,
    source: request.source ?? null,
    metadata: request.metadata ?? {},
  };
}

interface Totalled {
  readonly request: OrderRequest;
  readonly items: readonly Omit<NewOrderItem, 'id'>[];
  readonly coupon: CouponFacts | undefined;
  readonly at: Date;
}

/** What the order comes to by its prices, its coupon and our rates. */
function computeTotal({ request, items, coupon, at }: Totalled, rules: PlacingRules) {
  const { currency, shipping_address: address } = request;
  const { shippingMethod, shippingMinor } = priceShipping(request, rules);
  const couponTerms = coupon ? couponTermsOf(coupon, currency, items, at) : null;
  const taxRate = taxTableOf(rules.taxRates).rateFor(address.country);
  const input = { lines: items, coupon: couponTerms, taxRate, shippingMinor };
  const amounts = totalOrder(input, { currency, minTotal: rules.minTotal }, '/items');
  return { items, shippingMethod, couponTerms, taxRate, ...amounts };
}

/** What its file says that the order comes to. */
function keepTotal(
  items: readonly Omit<NewOrderItem, 'id'>[],
  { amounts: stated, lineDiscountsMinor, shippingMethod }: StatedOrder,
  { minTotal }: PlacingRules,
) {
  const discounted = items.map((item, index) => ({ ...item, discountMinor: lineDiscountsMinor[index] ?? 0 }));
  const { amounts, ...terms } = keepAmounts(stated, discounted);
  requireLeastTotal(amounts, { currency: stated.currency, minTotal }, '/items');
  return { items: discounted, shippingMethod: shippingMethod ?? STANDARD_SHIPPING, ...terms, ...amounts };
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
