import { isUuid } from '../domain/uuid.ts';

/** The fields of a log line that say which order a request named, placed, or failed with. What else may stand in its place is not logged. */
export function orderFields(named: string | undefined): { order_id?: string; order_number?: string } {
  if (named === undefined) return {};
  if (isUuid(named)) return { order_id: named };
  // More digits may be those of a card.
  return /^ORD-\d{1,12}$/i.test(named) ? { order_number: named } : {};
}
