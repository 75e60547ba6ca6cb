import type { FileOrder } from '../../domain/file-order.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import { formatMoney, minorUnits } from '../../domain/money.ts';
import { invalidRequest, type Refusal } from '../../domain/refusal.ts';
import type { Gateways, Product } from '../../gateways/index.ts';

/**
 * The orders with the catalogue's prices where the file has none, which is read so only if the caller says so; an order is refused where the
 * catalogue has none either, or where they don't come to the total that the file states. What an order comes to that states no total follows from its prices.
 * Rejects when the catalogue is away.
 */
export async function fillInPrices(
  { gateways }: { readonly gateways: Pick<Gateways, 'inventory'> },
  orders: readonly FileOrder[],
  { reading }: Pick<ImportFormat, 'reading'>,
): Promise<readonly (FileOrder | Refusal)[]> {
  const skus = new Set(orders.flatMap((order) => (isPriced(order) ? [] : order.lines.map(({ sku }) => sku))));
  if (skus.size === 0) return orders;
  const products = await gateways.inventory.findProducts({ skus: [...skus], ids: [] });
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return orders.map((order) => {
    if (isPriced(order)) return order;
    const priced = fillIn(order, bySku);
    return Array.isArray(priced)
      ? refused('/items', `the catalogue has no price in ${order.currency} of ${priced.join(', ')}`)
      : settleTotal(priced, reading?.tolerance ?? null);
  });
}

function isPriced({ lines, state }: FileOrder): boolean {
  return state === 'CANCELLED' || lines.every(({ unitPriceMinor }) => unitPriceMinor !== null);
}

/** The order with prices, or the products that have none. */
function fillIn(order: FileOrder, bySku: ReadonlyMap<string, Product>): FileOrder | string[] {
  let addedMinor = 0;
  const missing: string[] = [];
  const lines = order.lines.map((line) => {
    if (line.unitPriceMinor !== null) return line;
    const product = bySku.get(line.sku);
    if (product?.currency !== order.currency) missing.push(line.sku);
    const unitPriceMinor = product?.priceMinor ?? 0;
    addedMinor += unitPriceMinor * line.quantity;
    return { ...line, name: line.name ?? product?.name, productId: line.productId ?? product?.id, unitPriceMinor };
  });
  return missing.length > 0 ? missing : { ...order, lines, totalMinor: order.totalMinor + addedMinor };
}

/** A difference within the tolerance is kept as a fee or a discount, so that the books balance. */
function settleTotal({ statedTotalMinor, ...order }: FileOrder, tolerance: string | null): FileOrder | Refusal {
  const { totalMinor, currency } = order;
  if (statedTotalMinor === undefined || statedTotalMinor === totalMinor) return order;
  const difference = statedTotalMinor - totalMinor;
  if (Math.abs(difference) > (tolerance === null ? 0 : minorUnits(tolerance, currency, 'half up'))) {
    const [stated, sum] = [statedTotalMinor, totalMinor].map((minor) => `${formatMoney(minor, currency)} ${currency}`);
    return refused('/total', `is ${stated} in the file, and with the catalogue's prices the order comes to ${sum}`);
  }
  const discountMinor = order.discountMinor + Math.max(0, -difference);
  return {
    ...order,
    totalMinor: statedTotalMinor,
    feesMinor: order.feesMinor + Math.max(0, difference),
    discountMinor,
  };
}

function refused(pointer: string, message: string): Refusal {
  return invalidRequest([{ pointer, message }]);
}
