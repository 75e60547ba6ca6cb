import { countUnits } from './line-portions.ts';
import { refundDueMinor } from './order-refunds.ts';
import type { ItemQuantity, OrderReturn } from './order-return.ts';
import { allowedAfter } from './order-status.ts';
import type { Order, OrderItem, OrderWithItems } from './order.ts';
import type { PaymentStatus } from './payment-status.ts';
import { invalidRequest, Refusal } from './refusal.ts';

/** When an order is to be returned, and how long after its delivery a customer may do that; staff have no window. */
export interface ReturnTime {
  readonly now: Date;
  readonly windowMs?: number | undefined;
}

/**
 * Throws unless `items` of the order may be returned: ORD005 before it is delivered and after the window, VALIDATION for more of
 * a line than was shipped and has not been returned. Staff return a parcel that was refused, as a whole.
 */
export function requireReturnable(order: OrderWithItems, items: readonly ItemQuantity[], time: ReturnTime): void {
  const { windowMs, now } = time;
  const isRefused = order.status === 'SHIPPED' && windowMs === undefined;
  if (order.status !== 'DELIVERED' && !isRefused) {
    throw notReturnable(order, `The order is ${order.status}: only delivered goods can be returned.`);
  }
  const end = windowMs === undefined ? undefined : new Date((order.deliveredAt?.getTime() ?? 0) + windowMs);
  if (end && end < now) throw notReturnable(order, `The time to return the order was over on ${end.toISOString()}.`);
  if (items.length === 0) throw invalidRequest([{ pointer: '/items', message: 'must say what comes back' }]);
  const faults = items.flatMap((item, index) => {
    const ordered = order.items.find(({ id }) => id === item.item_id);
    if (ordered && item.quantity <= returnable(ordered)) return [];
    return [{ pointer: `/items/${index}/quantity`, message: describeExcess(item, ordered) }];
  });
  if (faults.length > 0) throw invalidRequest(faults);
  if (isRefused && countUnits(items) < countUnits(order.items)) {
    throw notReturnable(order, 'The order is SHIPPED: until it is delivered, it comes back as a whole or not at all.');
  }
}

function notReturnable({ id: orderId, status }: Order, message: string): Refusal {
  return new Refusal('ORD005', message, {
    details: [{ from: status, to: 'RETURNED', allowed: allowedAfter(status) }],
    orderId,
  });
}

function returnable({ shippedQuantity, returnedQuantity }: OrderItem): number {
  return shippedQuantity - returnedQuantity;
}

function describeExcess({ item_id: id, quantity }: ItemQuantity, ordered: OrderItem | undefined): string {
  if (!ordered) return `the order has no item ${id}`;
  return `${quantity} of item ${id} can't be returned: ${returnable(ordered)} are left to return`;
}

/** Whether both name the same lines and quantities, in whatever order. A return that is named by its id alone is the one on record. */
export function isSameReturn(known: readonly ItemQuantity[], asked: readonly ItemQuantity[]): boolean {
  return asked.length === 0 || sorted(known) === sorted(asked);
}

function sorted(items: readonly ItemQuantity[]): string {
  return JSON.stringify(items.map(({ item_id: id, quantity }) => `${id} ${quantity}`).toSorted());
}

/**
 * What is refunded for a return whose goods are back now, in minor units, and whether it leaves nothing with the customer. What went
 * back without goods is not given a second time: no more is refunded than `leftMinor`, what is left of what was captured.
 * `returns` are all of the order's, of which those count whose goods were back before.
 */
export function refundOf(
  order: OrderWithItems,
  returns: readonly OrderReturn[],
  restocked: OrderReturn,
  leftMinor: number,
): { readonly refundMinor: number; readonly isWhole: boolean } {
  const earlier = returns.filter(({ id, state }) => id !== restocked.id && state !== 'OPEN' && state !== 'REJECTED');
  const before = quantitiesOf(earlier);
  const after = quantitiesOf([...earlier, restocked]);
  return {
    refundMinor: Math.min(refundDueMinor(order, after) - refundDueMinor(order, before), leftMinor),
    isWhole: order.items.every(({ id, quantity }) => after[id] === quantity),
  };
}

function quantitiesOf(returns: readonly OrderReturn[]): Record<string, number> {
  const quantities: Record<string, number> = {};
  for (const { item_id: id, quantity } of returns.flatMap(({ items }) => items)) {
    quantities[id] = (quantities[id] ?? 0) + quantity;
  }
  return quantities;
}

/** Where the money stands after a return that has ended; a refund that was tried and given up leaves no REFUNDING behind. */
export function paymentStatusAfter(
  order: Pick<Order, 'paymentStatus' | 'totalMinor'>,
  refundedMinor: number,
): PaymentStatus {
  if (refundedMinor >= order.totalMinor) return 'REFUNDED';
  if (refundedMinor > 0) return 'PARTIALLY_REFUNDED';
  return order.paymentStatus === 'REFUNDING' ? 'CAPTURED' : order.paymentStatus;
}
