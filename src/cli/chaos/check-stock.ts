import { isSold } from '../replay/stock-drift.ts';
import type { Breach, Evidence } from './invariants.ts';
import type { ReadOrder, Reading } from './read-everything.ts';

/** What left the stock was sold, and what is reserved is held by reservations. */
export function stockConserved(product: Reading['products'][number], { stockAtStart, now }: Evidence): Breach[] {
  const { sku, stock, reserved } = product;
  const sold = unitsOf(sku, now.orders.filter(isSold));
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

function unitsOf(sku: string, holders: readonly Pick<ReadOrder, 'items'>[]): number {
  return holders.flatMap(({ items }) => items).reduce((sum, item) => sum + (item.sku === sku ? item.quantity : 0), 0);
}

/** A reservation stands as its order does. */
export function reservationExplained(
  { order_id: orderId, status }: Reading['reservations'][number],
  order?: ReadOrder,
): Breach[] {
  if (!order) return [{ orderId, what: `has a ${status} reservation and does not exist` }];
  // What an operator has not decided yet may stand either way.
  if (order.saga_state === 'NEEDS_ATTENTION') return [];
  const isOpen = order.status === 'PENDING' || order.status === 'PAYMENT_FAILED';
  const allowed = isSold(order) ? ['COMMITTED'] : isOpen ? ['HELD', 'EXPIRED'] : ['RELEASED', 'EXPIRED'];
  if (allowed.includes(status)) return [];
  return [{ orderId, what: `is ${order.status} and its reservation ${status}` }];
}
