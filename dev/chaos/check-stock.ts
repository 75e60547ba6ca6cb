import type { OrderStatus } from '../../src/domain/order-status.ts';
import type { ReadOrder, Reading } from './read-everything.ts';
import type { Breach, Evidence } from './evidence.ts';

/** Checks that units which left the stock were sold, and that reserved units belong to reservations. */
export function stockConserved(product: Reading['products'][number], { stockAtStart, now }: Evidence): Breach[] {
  const { sku, stock, reserved } = product;
  const sold = unitsOf(sku, now.orders.filter(wasSold).map(kept));
  const held = unitsOf(
    sku,
    now.reservations.filter(({ status }) => status === 'HELD'),
  );
  const before = stockAtStart.get(sku);
  if (before === undefined) return [];
  return [
    ...(before - stock === sold ? [] : [{ what: `${sku}: stock ${before} → ${stock}, but ${sold} sold` }]),
    ...(reserved === held ? [] : [{ what: `${sku}: ${reserved} reserved, but ${held} held by reservations` }]),
  ];
}

/** Statuses of orders whose goods were sold, also when they were returned later. */
const SOLD: ReadonlySet<OrderStatus> = new Set([
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'RETURNED',
  'REFUNDED',
]);

/** Returns whether the order was sold, also when some or all of it was returned. */
export function wasSold({ status }: Pick<ReadOrder, 'status'>): boolean {
  return SOLD.has(status);
}

function kept({ items }: ReadOrder): Holder {
  return {
    items: items.map(({ sku, quantity, returned_quantity: returned }) => ({ sku, quantity: quantity - returned })),
  };
}

interface Holder {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

function unitsOf(sku: string, holders: readonly Holder[]): number {
  return holders.flatMap(({ items }) => items).reduce((sum, item) => sum + (item.sku === sku ? item.quantity : 0), 0);
}

/** Checks that a reservation's status fits its order's. */
export function reservationExplained(
  { order_id: orderId, status }: Reading['reservations'][number],
  order?: ReadOrder,
): Breach[] {
  if (!order) return [{ orderId, what: `has a ${status} reservation but does not exist` }];
  // While an operator has not decided, both are right.
  if (order.saga_state === 'NEEDS_ATTENTION') return [];
  const isOpen = order.status === 'PENDING' || order.status === 'PAYMENT_FAILED';
  const allowed = wasSold(order) ? ['COMMITTED'] : isOpen ? ['HELD', 'EXPIRED'] : ['RELEASED', 'EXPIRED'];
  if (allowed.includes(status)) return [];
  return [{ orderId, what: `is ${order.status} but its reservation is ${status}` }];
}
