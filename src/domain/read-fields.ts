import type { ItemQuantity } from './order-return.ts';
import { isJsonObject } from './read-message.ts';
import { MAX_ITEM_QUANTITIES, MAX_QUANTITY } from './text-rules.ts';
import { isUuid } from './uuid.ts';

/** What a quantity must be. */
export const QUANTITY = `"quantity" must be a whole number from 1 to ${MAX_QUANTITY}`;

/** Whether it is the quantity of a line. */
export function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_QUANTITY;
}

/** Reads a text that may be left out; `null` when it is something else, or not valid. */
export function readText(value: unknown, isValid: (text: string) => boolean): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' && isValid(value) ? value : null;
}

/** Reads the lines and quantities of a shipment or return; `undefined` when there are none, a sentence when they are something else. */
export function readItemQuantities(value: unknown): ItemQuantity[] | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ITEM_QUANTITIES) {
    return `"items" must be a list of 1 to ${MAX_ITEM_QUANTITIES} {"item_id", "quantity"}`;
  }
  const items = new Map<string, ItemQuantity>();
  for (const given of value as unknown[]) {
    const item = isJsonObject(given) ? given : {};
    const { item_id: id, quantity, ...others } = item;
    if (typeof id !== 'string' || !isUuid(id)) return 'each of "items" must have the "item_id" of a line';
    if (!isQuantity(quantity)) return QUANTITY;
    if (Object.keys(others).length > 0) return 'each of "items" takes no fields but "item_id" and "quantity"';
    if (items.has(id)) return '"items" must name each line once';
    items.set(id, { item_id: id, quantity });
  }
  return [...items.values()];
}
