import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import { products } from './order.ts';
import type { Quantities } from './quantities.ts';

/** A refusal of the inventory. */
export function refused(code: string, details?: unknown): GatewayError {
  return new GatewayError('refused', 'inventory', code.toLowerCase(), { code, details });
}

/** The stock of a few products, of which some is held. */
export class Shelves {
  readonly #initialStock: number;
  readonly #bySku: ReadonlyMap<string, { stock: number; held: number; soldToOthers: number }>;

  constructor(initialStock: number) {
    this.#initialStock = initialStock;
    this.#bySku = new Map(products.map(({ sku }) => [sku, { stock: initialStock, held: 0, soldToOthers: 0 }]));
  }

  /** Throws OUT_OF_STOCK unless all is free, or when it is to refuse whatever there is. */
  requireFree(wanted: Quantities, isRefused: boolean): void {
    const lacking = Object.entries(wanted).flatMap(([sku, requested]) => {
      const available = this.free(sku);
      return requested > 0 && (isRefused || requested > available) ? [{ sku, requested, available }] : [];
    });
    if (lacking.length > 0) throw refused('OUT_OF_STOCK', lacking);
  }

  free(sku: string): number {
    const { stock, held } = this.#bySku.get(sku)!;
    return stock - held;
  }

  move(pile: 'stock' | 'held', quantities: Quantities, sign: 1 | -1): void {
    for (const [sku, quantity] of Object.entries(quantities)) this.#bySku.get(sku)![pile] += sign * quantity;
  }

  /** Sells everything that is free of some products to somebody else, but for a few. */
  sellRest(skus: readonly string[], keep: number): void {
    for (const sku of skus) {
      const shelf = this.#bySku.get(sku)!;
      const sold = Math.max(0, this.free(sku) - keep);
      shelf.soldToOthers += sold;
      shelf.stock -= sold;
    }
  }

  /** What the order has taken of each product: sold to it and not come back, and held for it. */
  taken(): { readonly sold: Quantities; readonly held: Quantities } {
    const sold: Record<string, number> = {};
    const held: Record<string, number> = {};
    for (const [sku, shelf] of this.#bySku) {
      sold[sku] = this.#initialStock - shelf.soldToOthers - shelf.stock;
      held[sku] = shelf.held;
    }
    return { sold, held };
  }
}
