import { proportionOf } from './money.ts';
import type { OrderItem } from './order.ts';

/**
 * A line and every line that was split from it, in the order in which they were added. Units that are added to a line at another price
 * than its own are a line of their own, so that everything that was bought keeps its price.
 */
export function findPortions(items: readonly OrderItem[], itemId: string): readonly OrderItem[] {
  const ids = new Set([itemId]);
  // A line stands behind the one that it was split from.
  return items.filter(({ id, splitFrom }) => {
    if (splitFrom !== null && ids.has(splitFrom)) ids.add(id);
    return ids.has(id);
  });
}

/** How many units the lines have together. */
export function countUnits(items: readonly Pick<OrderItem, 'quantity'>[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** The id and the price of a line that is split from another one; the price in minor units. */
export type NewPortion = Pick<OrderItem, 'id' | 'unitPriceMinor'>;

/** The lines after `more` units were added to one of them: to the last one added, if it has today's price, else as a new line. */
export function addUnits(
  items: readonly OrderItem[],
  itemId: string,
  more: number,
  { id, unitPriceMinor }: NewPortion,
): readonly OrderItem[] {
  const last = findPortions(items, itemId).at(-1);
  if (!last) return items;
  if (last.unitPriceMinor === unitPriceMinor) {
    return items.map((item) => (item === last ? { ...item, quantity: item.quantity + more } : item));
  }
  const portion = { ...last, id, unitPriceMinor, discountMinor: 0, quantity: more, splitFrom: itemId };
  return [...items, { ...portion, shippedQuantity: 0, returnedQuantity: 0 }];
}

/**
 * The lines after units were taken out of one of them: what was added last goes first, and what has been shipped stays. Returns how many
 * could not be taken out as well. A line that has no units left is gone.
 */
export function takeUnits(
  items: readonly OrderItem[],
  itemId: string,
  fewer: number,
): { readonly items: readonly OrderItem[]; readonly missing: number } {
  const quantities = new Map(items.map(({ id, quantity }) => [id, quantity]));
  let missing = fewer;
  for (const { id, quantity, shippedQuantity } of findPortions(items, itemId).toReversed()) {
    const taken = Math.min(missing, quantity - shippedQuantity);
    quantities.set(id, quantity - taken);
    missing -= taken;
  }
  const left = items.map((item) => withUnits(item, quantities.get(item.id) ?? 0));
  return { items: joinSplit(left), missing };
}

/** A line with fewer units: its own discount goes with those that are taken out. */
function withUnits(item: OrderItem, quantity: number): OrderItem {
  const { discountMinor = 0 } = item;
  if (quantity === item.quantity || discountMinor === 0) return { ...item, quantity };
  return { ...item, quantity, discountMinor: proportionOf(discountMinor, quantity, item.quantity) };
}

/** Removes lines without units; what was split from one of them belongs to the line that it was split from itself. */
function joinSplit(items: readonly OrderItem[]): readonly OrderItem[] {
  const parents = new Map(items.map(({ id, quantity, splitFrom }) => [id, quantity === 0 ? splitFrom : id]));
  const remaining = items.filter(({ quantity }) => quantity > 0);
  return remaining.map((item) => {
    let parent = item.splitFrom;
    while (parent !== null && parents.get(parent) !== parent) parent = parents.get(parent) ?? null;
    return { ...item, splitFrom: parent };
  });
}
