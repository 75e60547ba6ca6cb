import type { BookedTransaction } from './book-refund.ts';
import { refundDueMinor } from './order-refunds.ts';
import type { ItemQuantity } from './order-return.ts';
import type { OrderWithItems } from './order.ts';

/** An authorisation that holds money still; amounts in minor units. */
export interface OpenAuthorization {
  readonly idempotencyKey: string;
  readonly paymentId: string;
  readonly paymentMethod: string | undefined;
  readonly amountMinor: number;
  /** What of it was not taken yet. */
  readonly leftMinor: number;
}

/**
 * What an order has to have paid once `items` have left too, in minor units: their part of its total, and all of it with the last of them,
 * so that the parts add up exactly however the goods leave.
 */
export function dueOnceShipped(order: OrderWithItems, items: readonly ItemQuantity[]): number {
  const leaving = new Map(items.map(({ item_id: id, quantity }) => [id, quantity]));
  const shipped = order.items.map(({ id, shippedQuantity }) => [id, shippedQuantity + (leaving.get(id) ?? 0)]);
  return refundDueMinor(order, Object.fromEntries(shipped));
}

/** What an order was paid, less what its amendments gave back, in minor units: refunds without goods and of returns change nothing about it. */
export function paidMinor(books: readonly BookedTransaction[]): number {
  return books.reduce((sum, { status, kind, idempotencyKey, amountMinor }) => {
    if (status === 'CAPTURED') return sum + amountMinor;
    return kind === 'REFUND' && idempotencyKey.includes(':refund:amend:') ? sum - amountMinor : sum;
  }, 0);
}

/** The authorisations of an order that hold something still, the oldest first. */
export function openAuthorizations(books: readonly BookedTransaction[]): OpenAuthorization[] {
  return books.flatMap(({ status, idempotencyKey, paymentId, paymentMethod, amountMinor }) => {
    if (status !== 'AUTHORIZED' || typeof paymentId !== 'string') return [];
    const taken = books.filter((one) => one.status === 'CAPTURED' && one.paymentId === paymentId);
    const leftMinor = taken.reduce((left, one) => left - one.amountMinor, amountMinor);
    return leftMinor > 0 ? [{ idempotencyKey, paymentId, paymentMethod, amountMinor, leftMinor }] : [];
  });
}

/** What of an order's total was neither paid nor is held, in minor units. */
export function outstandingMinor(
  { totalMinor }: Pick<OrderWithItems, 'totalMinor'>,
  books: readonly BookedTransaction[],
): number {
  const heldMinor = openAuthorizations(books).reduce((sum, { leftMinor }) => sum + leftMinor, 0);
  return totalMinor - paidMinor(books) - heldMinor;
}

/** The key of an order's `n`th authorisation in the place of one that has expired. */
export function renewalKey(orderId: string, number: number): string {
  return `${renewalPrefix(orderId)}${number}`;
}

/** How many of them are on record. */
export function countRenewals(orderId: string, books: readonly BookedTransaction[]): number {
  const prefix = renewalPrefix(orderId);
  return books.filter(({ idempotencyKey }) => idempotencyKey.startsWith(prefix)).length;
}

function renewalPrefix(orderId: string): string {
  return `${orderId}:charge:renew:`;
}
