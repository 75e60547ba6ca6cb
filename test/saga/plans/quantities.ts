import type { OrderLine } from '../../../src/domain/order.ts';

/** How many of each product. */
export type Quantities = Readonly<Record<string, number>>;

/** The units of lines by product. */
export function addUp(lines: readonly OrderLine[]): Quantities {
  return sum(lines.map(({ sku, quantity }) => ({ [sku]: quantity })));
}

/** Several quantities together. */
export function sum(all: readonly Quantities[]): Quantities {
  const total: Record<string, number> = {};
  for (const [sku, quantity] of all.flatMap((one) => Object.entries(one))) total[sku] = (total[sku] ?? 0) + quantity;
  return total;
}

/** One less the other. */
export function difference(one: Quantities, other: Quantities): Quantities {
  return sum([one, Object.fromEntries(Object.entries(other).map(([sku, quantity]) => [sku, -quantity]))]);
}
