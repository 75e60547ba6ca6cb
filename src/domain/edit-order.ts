import { isCancellable } from './order-status.ts';
import type { AmendmentRules } from './order-rules.ts';
import { hasShipped, type Address, type CustomerDetails, type Order, type OrderWithItems } from './order.ts';
import type { Rate } from './rate.ts';
import { Refusal, versionConflict } from './refusal.ts';
import { taxTableOf } from './tax-table.ts';

/** New details of an order; what is left out stays, null removes. */
export interface OrderDetails extends Partial<CustomerDetails> {
  readonly shippingAddress?: Address;
  readonly billingAddress?: Address | null;
  readonly notes?: string | null;
  readonly reference?: string | null;
}

/**
 * Throws unless the order's details may be changed: VERSION_CONFLICT if it no longer has the version that the caller saw, ORD005 once
 * something of it has been shipped.
 */
export function requireEditable(order: OrderWithItems, expectedVersion: number | undefined): void {
  const { id: orderId, status, version } = order;
  if (expectedVersion !== undefined && expectedVersion !== version) throw versionConflict(version, orderId);
  if (isCancellable(status) && !hasShipped(order)) return;
  const where = hasShipped(order) && isCancellable(status) ? 'partly shipped' : status;
  throw new Refusal('ORD005', `The order is ${where} and can't be changed any more.`, {
    details: [{ status }],
    orderId,
  });
}

/**
 * The rate at which an order is taxed with these details. It is that of the country where its goods go; as long as that is the same one,
 * the rate at which the order was placed stays.
 */
export function taxRateWith(
  { shippingAddress, taxRate }: Pick<Order, 'shippingAddress' | 'taxRate'>,
  details: OrderDetails | undefined,
  { taxRates }: Pick<AmendmentRules, 'taxRates'>,
): Rate {
  const { country } = details?.shippingAddress ?? shippingAddress;
  return country === shippingAddress.country ? taxRate : taxTableOf(taxRates).rateFor(country);
}
