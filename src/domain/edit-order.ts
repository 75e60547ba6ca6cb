import { isCancellable } from './order-status.ts';
import { hasShipped, type Address, type OrderWithItems } from './order.ts';
import { invalidRequest, Refusal, versionConflict } from './refusal.ts';

/** New details of an order; what is left out stays, null removes. */
export interface OrderDetails {
  readonly shippingAddress?: Address;
  readonly billingAddress?: Address | null;
  readonly notes?: string | null;
}

/**
 * Throws unless the order's details may be changed: VALIDATION for another country than the order is taxed in,
 * VERSION_CONFLICT if it no longer has the version that the caller saw, ORD005 once something of it has been shipped.
 */
export function requireEditable(
  order: OrderWithItems,
  { shippingAddress }: OrderDetails,
  expectedVersion: number | undefined,
): void {
  const { id: orderId, status, version } = order;
  const country = order.shippingAddress.country;
  // Tax is due where the goods go: in another country it would be another order.
  if (shippingAddress && shippingAddress.country !== country && order.taxMinor > 0) {
    const message = `must stay ${country}: the order's tax depends on it`;
    throw invalidRequest([{ pointer: '/shipping_address/country', message }]);
  }
  if (expectedVersion !== undefined && expectedVersion !== version) throw versionConflict(version, orderId);
  if (isCancellable(status) && !hasShipped(order)) return;
  const where = hasShipped(order) && isCancellable(status) ? 'partly shipped' : status;
  throw new Refusal('ORD005', `The order is ${where} and can't be changed any more.`, {
    details: [{ status }],
    orderId,
  });
}
