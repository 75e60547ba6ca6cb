import type { OrderStatus } from '../../src/domain/order-status.ts';
import type { ListedOrder, Reading } from './read-system.ts';

/** Statuses of orders that were sold. */
const SOLD: ReadonlySet<OrderStatus> = new Set(['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED']);

/** Returns whether the order's goods have left the stock. */
export function isSold(order: Pick<ListedOrder, 'status'>): boolean {
  return SOLD.has(order.status);
}

/**
 * Returns the sum over all products of the stock changes between two readings that sales don't explain; 0 when everything balances.
 * All orders of the system count, so that sales beside the file's are no drift. Holds that belong to no unpaid order are breaches too.
 */
export function stockDrift(
  skus: ReadonlySet<string>,
  { start, now }: { start: Omit<Reading, 'payments'>; now: Omit<Reading, 'payments'> },
  breaches: string[],
): number {
  const soldBefore = countUnits(start.orders, isSold);
  const soldNow = countUnits(now.orders, isSold);
  const heldBefore = countUnits(start.orders, isHeld);
  const heldNow = countUnits(now.orders, isHeld);
  const startBySku = new Map(start.products.map((product) => [product.sku, product]));
  let drift = 0;
  for (const { sku, stock, reserved } of now.products) {
    const before = startBySku.get(sku);
    if (before === undefined || !skus.has(sku)) continue;
    const soldUnits = (soldNow.get(sku) ?? 0) - (soldBefore.get(sku) ?? 0);
    const lostUnits = before.stock - stock - soldUnits;
    if (lostUnits !== 0) {
      drift += Math.abs(lostUnits);
      breaches.push(`product ${sku}: stock ${before.stock} → ${stock}, but ${soldUnits} sold`);
    }
    const heldUnits = (heldNow.get(sku) ?? 0) - (heldBefore.get(sku) ?? 0);
    // A hold may expire before its order ends, so only a surplus of holds is wrong.
    if (reserved - before.reserved > Math.max(heldUnits, 0)) {
      breaches.push(
        `product ${sku}: reserved ${before.reserved} → ${reserved}, but ${heldUnits} held by unpaid orders`,
      );
    }
  }
  return drift;
}

/** A declined order keeps its hold while another payment method may be offered. */
function isHeld(order: ListedOrder): boolean {
  return order.status === 'PAYMENT_FAILED';
}

function countUnits(orders: readonly ListedOrder[], counts: (order: ListedOrder) => boolean): Map<string, number> {
  const units = new Map<string, number>();
  for (const order of orders) {
    if (!counts(order)) continue;
    for (const item of order.items) units.set(item.sku, (units.get(item.sku) ?? 0) + item.quantity);
  }
  return units;
}
