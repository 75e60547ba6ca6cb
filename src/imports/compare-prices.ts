import type { FileOrder } from '../domain/file-order.ts';
import type { ImportFailure } from '../domain/import.ts';
import { formatMoney } from '../domain/money.ts';
import type { OrderAmounts, OrderItem } from '../domain/order.ts';
import { tellDifference, type ComparedFields } from './tell-difference.ts';

/** What is compared of an order, placed or about to be. */
export type PricedOrder = Omit<OrderAmounts, 'subtotalMinor' | 'isTaxIncluded'> & {
  readonly currency: string;
  readonly items: readonly Pick<OrderItem, 'sku' | 'quantity' | 'unitPriceMinor'>[];
  readonly shippingMethod: string | null;
};

/** In what an order at the catalogue's prices and our own rates differs from what its file states of it; null when in nothing. */
export function comparePrices(order: PricedOrder, file: FileOrder): ImportFailure | null {
  const stated = fieldsOfFile(file);
  return tellDifference(fieldsOf(order), stated, "The order has the catalogue's prices and our own rates");
}

function fieldsOf({ currency, items, shippingMethod, ...amounts }: PricedOrder): ComparedFields {
  return {
    items: writeLines(items, currency),
    ...writeAmounts(amounts, currency),
    shipping_method: shippingMethod ?? '',
  };
}

/** A file without prices states what the order comes to at most. */
function fieldsOfFile({ currency, lines, shippingMethod, ...amounts }: FileOrder): ComparedFields {
  const method: ComparedFields = shippingMethod === null ? {} : { shipping_method: shippingMethod.toLowerCase() };
  const items = lines.flatMap(({ unitPriceMinor, ...line }) =>
    unitPriceMinor === null ? [] : [{ ...line, unitPriceMinor }],
  );
  const { statedTotalMinor } = amounts;
  if (items.length < lines.length) {
    return { ...(statedTotalMinor !== undefined && { total: formatMoney(statedTotalMinor, currency) }), ...method };
  }
  const discountMinor = lines.reduce((sum, line) => sum + line.discountMinor, amounts.discountMinor);
  return { items: writeLines(items, currency), ...writeAmounts({ ...amounts, discountMinor }, currency), ...method };
}

function writeAmounts(
  amounts: Pick<OrderAmounts, 'discountMinor' | 'taxMinor' | 'shippingMinor' | 'feesMinor' | 'totalMinor'>,
  currency: string,
): ComparedFields {
  const { discountMinor, taxMinor, shippingMinor, feesMinor, totalMinor } = amounts;
  const money = (minor: number) => formatMoney(minor, currency);
  return {
    discount: money(discountMinor),
    tax: money(taxMinor),
    shipping: money(shippingMinor),
    fees: money(feesMinor),
    total: money(totalMinor),
  };
}

/** Lines of an order as one text, such as `2 × CUP-B at 20.00`. */
export function writeLines(
  lines: readonly Pick<OrderItem, 'sku' | 'quantity' | 'unitPriceMinor'>[],
  currency: string,
): string {
  return lines
    .map(({ sku, quantity, unitPriceMinor }) => `${quantity} × ${sku} at ${formatMoney(unitPriceMinor, currency)}`)
    .join('; ');
}
