import { formatMoney, parseMoney } from './money.ts';
import { invalidRequest, Refusal } from './refusal.ts';

/** What the catalogue asks for a product; the price in minor units of its currency. */
export interface Offer {
  readonly sku: string;
  readonly currency: string;
  readonly priceMinor: number;
}

/** A line that is asked for: the product by either name, and a price if the caller gave one. */
export interface AskedItem {
  readonly sku?: string | undefined;
  readonly product_id?: string | undefined;
  /** A decimal amount of the order's currency. */
  readonly unit_price?: string | undefined;
}

/** What a line's price depends on beside the catalogue. */
export interface PriceTerms {
  /** The order's. */
  readonly currency: string;
  /** Whether the caller's price counts, in whatever currency; otherwise it must be the catalogue's. */
  readonly maySetPrices: boolean;
}

/**
 * The product of a line, and what one piece of it costs in minor units of the order's currency. Throws VALIDATION when the catalogue has no such product,
 * or only in another currency, or when the price can't be read; throws PRICE_CHANGED when it is not the catalogue's.
 * `at` is where the line stands in the request.
 */
export function priceItem<Product extends Offer>(
  product: Product | undefined,
  item: AskedItem,
  terms: PriceTerms,
  at = '',
): { readonly product: Product; readonly unitPriceMinor: number } {
  const pointer = `${at}/${item.sku === undefined ? 'product_id' : 'sku'}`;
  if (!product) throw invalidRequest([{ pointer, message: 'is not in the catalogue' }]);
  const { currency, maySetPrices } = terms;
  const givenMinor = item.unit_price === undefined ? undefined : readPrice(item.unit_price, currency, at);
  if (givenMinor !== undefined && maySetPrices) return { product, unitPriceMinor: givenMinor };
  if (product.currency !== currency) {
    throw invalidRequest([{ pointer, message: `is sold in ${product.currency}, the order is in ${currency}` }]);
  }
  if (givenMinor !== undefined && givenMinor !== product.priceMinor) throw priceChanged(product, givenMinor, at);
  return { product, unitPriceMinor: product.priceMinor };
}

function readPrice(price: string, currency: string, at: string): number {
  try {
    return parseMoney(price, currency);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidRequest([{ pointer: `${at}/unit_price`, message: error.message }]);
  }
}

function priceChanged({ sku, currency, priceMinor }: Offer, givenMinor: number, at: string): Refusal {
  return new Refusal('PRICE_CHANGED', 'A price differs from the catalogue.', {
    details: [
      {
        pointer: `${at}/unit_price`,
        sku,
        unit_price: formatMoney(givenMinor, currency),
        current_price: formatMoney(priceMinor, currency),
      },
    ],
  });
}
