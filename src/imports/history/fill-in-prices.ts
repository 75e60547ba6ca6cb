import type { FileOrder } from '../../domain/file-order.ts';
import { invalidRequest, type Refusal } from '../../domain/refusal.ts';
import type { Gateways } from '../../gateways/index.ts';

/**
 * The orders with the catalogue's prices where the file has none, which is read so only if the caller says so; an order is refused where the
 * catalogue has none either. What an order comes to that states no total follows from its prices. Rejects when the catalogue is away.
 */
export async function fillInPrices(
  { gateways }: { readonly gateways: Pick<Gateways, 'inventory'> },
  orders: readonly FileOrder[],
): Promise<readonly (FileOrder | Refusal)[]> {
  const skus = new Set(orders.flatMap((order) => (isPriced(order) ? [] : order.lines.map(({ sku }) => sku))));
  if (skus.size === 0) return orders;
  const products = await gateways.inventory.findProducts({ skus: [...skus], ids: [] });
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return orders.map((order) => {
    if (isPriced(order)) return order;
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
    if (missing.length === 0) return { ...order, lines, totalMinor: order.totalMinor + addedMinor };
    const message = `the catalogue has no price in ${order.currency} of ${missing.join(', ')}`;
    return invalidRequest([{ pointer: '/items', message }]);
  });
}

function isPriced({ lines, state }: FileOrder): boolean {
  return state === 'CANCELLED' || lines.every(({ unitPriceMinor }) => unitPriceMinor !== null);
}
