import { uuidv7 } from 'uuidv7';
import { formatMoney, parseMoney } from '../domain/money.ts';
import type { NewOrderItem } from '../domain/order.ts';
import type { Product } from '../gateways/index.ts';
import type { OrderBody } from '../http/schemas/order-body.ts';
import { Refusal } from '../domain/refusal.ts';
import { invalidRequest, type RefusalDetail } from '../domain/refusal.ts';

/** What prices depend on beside the body. */
export interface Pricing {
  readonly products: readonly Product[];
  /** Whether the caller's prices count, in whatever currency; otherwise they must be the catalogue's. */
  readonly maySetPrices: boolean;
}

/** Prices every line. Throws VALIDATION for all that can't be sold like this, or PRICE_CHANGED. */
export function priceOrder(body: OrderBody, pricing: Pricing): NewOrderItem[] {
  const productOf = productsByKey(pricing.products);
  const faults: RefusalDetail[] = [];
  const changes: RefusalDetail[] = [];
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
  if (faults.length > 0) throw invalidRequest(faults);
  if (changes.length > 0) {
    throw new Refusal('PRICE_CHANGED', 'A price differs from the catalogue.', { details: changes });
  }
  return items;
}

type Line = OrderBody['items'][number];

function productsByKey(products: readonly Product[]): (line: Line) => Product | undefined {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const byId = new Map(products.map((product) => [product.id, product]));
  return ({ sku, product_id: id }) => (sku === undefined ? byId.get(id ?? '') : bySku.get(sku));
}

function lineOf(product: Product, quantity: number, unitPriceMinor: number): NewOrderItem {
  return { id: uuidv7(), productId: product.id, sku: product.sku, name: product.name, unitPriceMinor, quantity };
}

function priceChange(index: number, product: Product, givenMinor: number): RefusalDetail {
  return {
    pointer: `/items/${index}/unit_price`,
    sku: product.sku,
    unit_price: formatMoney(givenMinor, product.currency),
    current_price: formatMoney(product.priceMinor, product.currency),
  };
}
