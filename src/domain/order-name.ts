import { isUuid } from './uuid.ts';

/** Whether text has the form of an order's number; people type it in any case. */
export function isOrderNumber(text: string): boolean {
  return /^ORD-\d{1,19}$/i.test(text);
}

/** Whether text has the form of an order's id or number. Other text names no order; querying it would be wasted, and PostgreSQL rejects some characters. */
export function namesOrder(text: string): boolean {
  return isUuid(text) || isOrderNumber(text);
}
