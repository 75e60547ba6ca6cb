import type { ItemQuantity } from './order-return.ts';
import type { MethodAmount } from './messages.ts';
import { MOST_PAYMENT_METHODS } from './payment-part.ts';
import { isJsonObject } from './read-message.ts';
import { isAmount, isPaymentMethod, MAX_ITEM_QUANTITIES, MAX_QUANTITY } from './text-rules.ts';
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

/** Reads payment methods with their amounts; `undefined` when there are none, a sentence when they are something else. */
export function readMethodAmounts(value: unknown): MethodAmount[] | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_PAYMENT_METHODS) {
    return `"payment_methods" must be a list of 1 to ${MOST_PAYMENT_METHODS} {"method", "amount"}`;
  }
  const amounts = new Map<string, string>();
  for (const given of value as unknown[]) {
    const { method, amount, ...others } = isJsonObject(given) ? given : {};
    if (typeof method !== 'string' || !isPaymentMethod(method)) {
      return 'each of "payment_methods" must have a "method", a payment method token, never a card number';
    }
    if (typeof amount !== 'string' || !isAmount(amount) || !/[1-9]/.test(amount)) {
      return 'each of "payment_methods" must have an "amount" of more than 0, such as "12.50"';
    }
    if (Object.keys(others).length > 0) return 'each of "payment_methods" takes no fields but "method" and "amount"';
    if (amounts.has(method)) return '"payment_methods" must name each method once';
    amounts.set(method, amount);
  }
  return [...amounts].map(([method, amount]) => ({ method, amount }));
}
