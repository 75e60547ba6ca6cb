import type { FileOrder, FileOrderLine } from './file-order.ts';
import { formatMoney } from './money.ts';
import { settleStanding, type Standing, type UnpaidOrders } from './order-standing.ts';
import type { OrderItem } from './order.ts';
import { invalidRequest } from './refusal.ts';
import { keepAmounts, type KeptAmounts } from './stated-amounts.ts';

/** A line of an order that is taken in. */
export type TakenInItem = Omit<OrderItem, 'id' | 'splitFrom'>;

/** An order of another system's file as the books have it once it is taken in. */
export interface TakenInOrder extends Standing, KeptAmounts {
  readonly items: readonly TakenInItem[];
}

/**
 * What taking an order in makes of it: the same file, moment and terms always make the same. Nothing is computed that the file states.
 * Throws VALIDATION for amounts that don't come to the stated total, or can't be an order's.
 */
export function takeInOrder(order: FileOrder, unpaid: UnpaidOrders, at: Date): TakenInOrder {
  const standing = settleStanding(order, unpaid, at);
  requirePast(order, at);
  const items = order.lines.map((line) => toItem(line, standing));
  const kept = keepAmounts(order, items);
  if (items.length === 0 && standing.status !== 'CANCELLED') throw fault('/items', 'the order has no items');
  if (standing.refundedMinor > order.totalMinor) {
    const [refunded, total] = [standing.refundedMinor, order.totalMinor].map((minor) =>
      formatMoney(minor, order.currency),
    );
    throw fault('/refunded_amount', `is ${refunded}, more than the total of ${total}`);
  }
  return { ...standing, ...kept, items };
}

/** A year ahead of the import, since clocks may be wrong, and orders are booked ahead. */
const MAX_AHEAD_MS = 366 * 86_400_000;

/** What is dated far ahead, such as 2099 for 99, would stand first in every list for decades. Throws VALIDATION. */
function requirePast({ placedAt, shippedAt, deliveredAt, cancelledAt }: FileOrder, at: Date): void {
  for (const [pointer, moment] of Object.entries({ placedAt, shippedAt, deliveredAt, cancelledAt })) {
    if (moment === null || moment.getTime() <= at.getTime() + MAX_AHEAD_MS) continue;
    const field = pointer.replace('At', '_at');
    throw fault(
      `/${field}`,
      `is ${moment.toISOString().slice(0, 10)}, which is far in the future: correct it, or leave it out with column.${field}=-`,
    );
  }
}

/** A line without a price costs nothing in an order that was never paid for; elsewhere it has been given the catalogue's before. */
function toItem(line: FileOrderLine, { status, hasLeft, hasReturned }: Standing): TakenInItem {
  const { sku, productId = sku, name = sku, variantId = null, quantity, discountMinor } = line;
  if (line.unitPriceMinor === null && status !== 'CANCELLED') throw fault('/items', `${sku} has no price`);
  const shippedQuantity = hasLeft
    ? quantity
    : Math.min(Math.max(line.shippedQuantity, line.returnedQuantity), quantity);
  const returnedQuantity = hasReturned ? shippedQuantity : Math.min(line.returnedQuantity, shippedQuantity);
  const unitPriceMinor = line.unitPriceMinor ?? 0;
  return {
    productId,
    sku,
    name,
    variantId,
    unitPriceMinor,
    discountMinor,
    quantity,
    shippedQuantity,
    returnedQuantity,
  };
}

function fault(pointer: string, message: string) {
  return invalidRequest([{ pointer, message }]);
}
