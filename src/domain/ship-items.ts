import { countUnits } from './line-portions.ts';
import type { ItemQuantity } from './order-return.ts';
import { canTransition } from './order-status.ts';
import type { OrderItem, OrderWithItems } from './order.ts';
import { invalidRequest, Refusal } from './refusal.ts';

/**
 * Whether nothing is left to ship once `items` have left; the order is then to become SHIPPED. Throws ORD005 where the status
 * doesn't allow shipping, and VALIDATION for more of a line than is left of it.
 */
export function isLastShipment(order: OrderWithItems, items: readonly ItemQuantity[]): boolean {
  if (!canTransition(order.status, 'SHIPPED')) {
    throw new Refusal('ORD005', `The order is ${order.status}: nothing of it can be shipped.`, { orderId: order.id });
  }
  const faults = items.flatMap((item, index) => {
    const left = leftOf(order.items, item.item_id);
    if (left !== undefined && item.quantity <= left) return [];
    return [{ pointer: `/items/${index}/quantity`, message: describeExcess(item, left) }];
  });
  if (faults.length > 0) throw invalidRequest(faults);
  return countUnits(items) === order.items.reduce((sum, item) => sum + unshipped(item), 0);
}

/** Whether `quantities`, which the lines of a partly shipped order are lowered to, leave nothing to ship. */
export function leavesNothingToShip(
  order: { readonly items: readonly Pick<OrderItem, 'shippedQuantity'>[] },
  quantities: readonly Pick<ItemQuantity, 'quantity'>[],
): boolean {
  const shipped = order.items.reduce((sum, { shippedQuantity }) => sum + shippedQuantity, 0);
  return shipped > 0 && countUnits(quantities) === shipped;
}

function leftOf(ordered: readonly OrderItem[], id: string): number | undefined {
  const item = ordered.find((one) => one.id === id);
  return item && unshipped(item);
}

function unshipped({ quantity, shippedQuantity }: OrderItem): number {
  return quantity - shippedQuantity;
}

function describeExcess({ item_id: id, quantity }: ItemQuantity, left: number | undefined): string {
  if (left === undefined) return `the order has no item ${id}`;
  return `${quantity} of item ${id} can't be shipped: ${left} are left to ship`;
}
