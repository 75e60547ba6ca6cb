import { hasRole, priceSetters, staff, type Caller } from '../domain/caller.ts';
import { priceItem } from '../domain/item-price.ts';
import { computeTotals } from '../domain/order-totals.ts';
import type { NewOrderItem, OrderAmounts } from '../domain/order.ts';
import type { PlacingRules } from '../domain/order-rules.ts';
import { invalidRequest, Refusal, type RefusalDetail } from '../domain/refusal.ts';
import { requireActiveCustomer } from '../domain/require-active-customer.ts';
import { taxTableOf } from '../domain/tax-table.ts';
import { totalOrder } from '../domain/total-order.ts';
import type { Product } from '../gateways/index.ts';
import { couponTermsOf, priceShipping, productsByKey, requireKnownCoupon } from './decide-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { findOrderFacts, type OrderFacts } from './find-order-facts.ts';
import type { QuoteRequest } from './order-request.ts';
import { readPayment } from './payment-methods.ts';
import { requireFewDeclines } from './require-few-declines.ts';

/** A line of a quote; the price in minor units, null where the line can't be sold. */
export interface QuotedLine extends Pick<NewOrderItem, 'quantity' | 'variantId'> {
  readonly sku: string | null;
  readonly productId: string | null;
  readonly name: string | null;
  readonly unitPriceMinor: number | null;
  /** Units that could be reserved just now; null when that is not known. */
  readonly available: number | null;
}

/** What an order would come to and be refused for, if it were placed now. */
export interface Quote {
  readonly customerId: string;
  readonly currency: string;
  readonly shippingMethod: string;
  readonly lines: readonly QuotedLine[];
  /** `undefined` as long as a line can't be sold. */
  readonly amounts: OrderAmounts | undefined;
  /** Every reason, each as placing the order would give it; none means that it would be accepted. */
  readonly refusals: readonly Refusal[];
}

/**
 * What placing an order would do, without placing it: nothing is recorded, reserved or charged. Throws FORBIDDEN for an order of somebody
 * else, and VALIDATION where a caller who orders for others names nobody; rejects with a `GatewayError` when a service is unavailable.
 */
export async function quoteOrder(
  dependencies: Pick<OrderDependencies, 'db' | 'gateways' | 'rules'>,
  caller: Caller,
  request: QuoteRequest,
): Promise<Quote> {
  const customerId = customerOf(caller, request);
  const maySetPrices = hasRole(caller, priceSetters);
  const [facts, declines] = await Promise.all([
    findOrderFacts(dependencies, request, customerId),
    maySetPrices ? undefined : requireFewDeclines(dependencies, { customerId }).catch(returnRefusal),
  ]);
  const quote = decideQuote(request, facts, dependencies.rules, { maySetPrices, at: new Date() });
  return { ...quote, customerId, refusals: [...quote.refusals, ...(declines ? [declines] : [])] };
}

function customerOf(caller: Caller, { customer_id: customerId }: QuoteRequest): string {
  if (hasRole(caller, [...staff, 'service'])) {
    if (customerId !== undefined) return customerId;
    throw invalidRequest([{ pointer: '/customer_id', message: 'is required' }]);
  }
  if (customerId === undefined || customerId === caller.subject) return caller.subject;
  throw new Refusal('FORBIDDEN', 'A customer orders for nobody else.');
}

/** The quote that the facts make, with every refusal of {@link decideOrder} and that of stock. */
function decideQuote(
  request: QuoteRequest,
  facts: OrderFacts,
  rules: PlacingRules,
  { maySetPrices, at }: { readonly maySetPrices: boolean; readonly at: Date },
): Omit<Quote, 'customerId'> {
  const refusals: Refusal[] = [];
  const tryTo = <T>(decide: () => T): T | undefined => {
    try {
      return decide();
    } catch (error) {
      refusals.push(returnRefusal(error));
      return undefined;
    }
  };
  const { currency } = request;
  const { shippingMethod, shippingMinor } = priceShipping(request, rules);
  tryTo(() => requireActiveCustomer(facts.customer));
  tryTo(() => requireKnownCoupon(request.coupon_code, facts.coupon));
  const { lines, refused } = priceLines(request, facts.products, maySetPrices);
  refusals.push(...refused);
  tryTo(() => requireStock(lines));
  const priced = lines.flatMap(({ unitPriceMinor, quantity }) =>
    unitPriceMinor === null ? [] : [{ unitPriceMinor, quantity }],
  );
  if (priced.length < lines.length) return { currency, shippingMethod, lines, amounts: undefined, refusals };
  const { coupon } = facts;
  const couponTerms = coupon ? tryTo(() => couponTermsOf(coupon, currency, priced, at)) : undefined;
  const taxRate = taxTableOf(rules.taxRates).rateFor(request.shipping_address.country);
  const input = { lines: priced, coupon: couponTerms ?? null, taxRate, shippingMinor };
  const accepted = tryTo(() => totalOrder(input, { currency, minTotal: rules.minTotal }, '/items'));
  if (accepted && request.payment_methods) {
    tryTo(() => readPayment(request, { ...accepted, currency, paymentCapture: rules.paymentCapture }));
  }
  return { currency, shippingMethod, lines, amounts: accepted ?? totalsIfExact(input), refusals };
}

/** Each line at the price that an order would have: the catalogue's, where another one was asked for. */
function priceLines(request: QuoteRequest, products: readonly Product[], maySetPrices: boolean) {
  const productOf = productsByKey(products);
  const terms = { currency: request.currency, maySetPrices };
  const refusals: Refusal[] = [];
  const lines = request.items.map((item, index): QuotedLine => {
    const product = productOf(item);
    const line = {
      sku: product?.sku ?? item.sku ?? null,
      productId: product?.id ?? item.product_id ?? null,
      name: product?.name ?? null,
      variantId: item.variant_id ?? null,
      quantity: item.quantity,
      available: product?.available ?? null,
    };
    try {
      return { ...line, unitPriceMinor: priceItem(product, item, terms, `/items/${index}`).unitPriceMinor };
    } catch (error) {
      const refusal = returnRefusal(error);
      refusals.push(refusal);
      return { ...line, unitPriceMinor: refusal.code === 'PRICE_CHANGED' ? (product?.priceMinor ?? null) : null };
    }
  });
  return { lines, refused: joinByCode(refusals) };
}

/** One refusal for all lines of one code, as placing has it. */
function joinByCode(refusals: readonly Refusal[]): Refusal[] {
  const faults = refusals.filter(({ code }) => code === 'VALIDATION').flatMap(({ details }) => details);
  const others = refusals.filter(({ code }) => code !== 'VALIDATION');
  const [changed] = others;
  return [
    ...(faults.length > 0 ? [invalidRequest(faults)] : []),
    ...(changed
      ? [new Refusal(changed.code, changed.message, { details: others.flatMap(({ details }) => details) })]
      : []),
  ];
}

/** Throws ORD002 with every product of which more is asked for than is available. */
function requireStock(lines: readonly QuotedLine[]): void {
  const requested = new Map<string, { readonly requested: number; readonly available: number }>();
  for (const { sku, quantity, available } of lines) {
    if (sku === null || available === null) continue;
    requested.set(sku, { requested: (requested.get(sku)?.requested ?? 0) + quantity, available });
  }
  const details: RefusalDetail[] = [...requested].flatMap(([sku, asked]) =>
    asked.requested > asked.available ? [{ sku, ...asked }] : [],
  );
  if (details.length > 0) throw new Refusal('ORD002', 'out of stock', { details });
}

function totalsIfExact(input: Parameters<typeof computeTotals>[0]): OrderAmounts | undefined {
  try {
    return computeTotals(input);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Any other error is a failure, not a decision about the order. */
function returnRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
