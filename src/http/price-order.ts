import { uuidv7 } from 'uuidv7';
import { currencyDecimals } from '../domain/currency.ts';
import { formatMoney, MAX_AMOUNT_MINOR, parseMoney } from '../domain/money.ts';
import type { OrderAmounts, OrderItem } from '../domain/order.ts';
import type { Product } from '../gateways/index.ts';
import type { OrderBody } from './order-body.ts';
import { ProblemError, type ProblemDetail } from './problem.ts';
import { invalidBody } from './validation.ts';

/** Lines with what they cost, and what they come to. */
export interface PricedOrder extends OrderAmounts {
  readonly items: readonly OrderItem[];
}

/** What prices depend on beside the body. */
export interface Pricing {
  readonly products: readonly Product[];
  /** Whether the caller's prices count, in whatever currency; otherwise they must be the catalogue's. */
  readonly maySetPrices: boolean;
  /** A decimal amount in major units of whatever currency. */
  readonly minTotal: string;
}

/** Prices every line and adds them up. Throws VALIDATION for all that can't be sold like this, or PRICE_CHANGED. */
export function priceOrder(body: OrderBody, pricing: Pricing): PricedOrder {
  const productOf = productsByKey(pricing.products);
  const faults: ProblemDetail[] = [];
  const changes: ProblemDetail[] = [];
  const items = body.items.flatMap((line, index) => {
    const pointer = `/items/${index}/${line.sku === undefined ? 'product_id' : 'sku'}`;
    const product = productOf(line);
    if (!product) {
      faults.push({ pointer, message: 'is not in the catalogue' });
      return [];
    }
    const given = line.unit_price === undefined ? undefined : parseMoney(line.unit_price, body.currency);
    if (product.currency !== body.currency && (given === undefined || !pricing.maySetPrices)) {
      faults.push({ pointer, message: `is sold in ${product.currency}, the order is in ${body.currency}` });
      return [];
    }
    if (given !== undefined && given !== product.priceMinor && !pricing.maySetPrices) {
      changes.push(priceChange(index, product, given));
    }
    return [lineOf(product, line.quantity, given ?? product.priceMinor)];
  });
  if (faults.length > 0) throw invalidBody(faults);
  if (changes.length > 0) {
    throw new ProblemError('PRICE_CHANGED', 'A price differs from the catalogue.', { details: changes });
  }
  return { items, ...amountsOf(items, body.currency, pricing.minTotal) };
}

type Line = OrderBody['items'][number];

function productsByKey(products: readonly Product[]): (line: Line) => Product | undefined {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const byId = new Map(products.map((product) => [product.id, product]));
  return ({ sku, product_id: id }) => (sku === undefined ? byId.get(id ?? '') : bySku.get(sku));
}

function lineOf(product: Product, quantity: number, unitPriceMinor: number): OrderItem {
  return { id: uuidv7(), productId: product.id, sku: product.sku, name: product.name, unitPriceMinor, quantity };
}

function priceChange(index: number, product: Product, givenMinor: number): ProblemDetail {
  return {
    pointer: `/items/${index}/unit_price`,
    sku: product.sku,
    unit_price: formatMoney(givenMinor, product.currency),
    current_price: formatMoney(product.priceMinor, product.currency),
  };
}

function amountsOf(items: readonly OrderItem[], currency: string, minTotal: string): OrderAmounts {
  const subtotalMinor = items.reduce((sum, item) => sum + item.unitPriceMinor * item.quantity, 0);
  if (subtotalMinor > MAX_AMOUNT_MINOR)
    throw invalidBody([{ pointer: '/items', message: 'come to too large a total' }]);
  const leastMinor = minTotalMinor(minTotal, currency);
  if (subtotalMinor < leastMinor) {
    const [total, least] = [formatMoney(subtotalMinor, currency), formatMoney(leastMinor, currency)];
    throw invalidBody([
      {
        pointer: '/items',
        message: `come to ${total} ${currency}; an order must come to at least ${least} ${currency}`,
      },
    ]);
  }
  return { subtotalMinor, discountMinor: 0, taxMinor: 0, shippingMinor: 0, totalMinor: subtotalMinor };
}

/** The least total in minor units, rounded up where the currency has fewer decimals than the setting. */
function minTotalMinor(minTotal: string, currency: string): number {
  const [whole = '0', fraction = ''] = minTotal.split('.');
  const decimals = currencyDecimals(currency);
  const minor = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return /[1-9]/.test(fraction.slice(decimals)) ? minor + 1 : minor;
}
