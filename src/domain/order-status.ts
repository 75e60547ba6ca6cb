/** Where an order stands; {@link transitions} says what may follow. */
export const orderStatuses = [
  'PENDING',
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'RETURNED',
  'REFUNDED',
  'PAYMENT_FAILED',
  'CANCELLED',
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

/** The one transition table; every status write anywhere is guarded by it. */
const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['CONFIRMED', 'PAYMENT_FAILED', 'CANCELLED'],
  PAYMENT_FAILED: ['PENDING', 'CANCELLED'],
  // Picking is not everybody's step.
  CONFIRMED: ['PROCESSING', 'SHIPPED', 'CANCELLED'],
  PROCESSING: ['SHIPPED', 'CANCELLED'],
  // A parcel may be refused.
  SHIPPED: ['DELIVERED', 'RETURNED'],
  DELIVERED: ['RETURNED'],
  RETURNED: ['REFUNDED'],
  REFUNDED: [],
  CANCELLED: [],
};

/** Statuses that may follow `from`. */
export function allowedAfter(from: OrderStatus): readonly OrderStatus[] {
  return transitions[from];
}

/** Whether the table allows `from → to`; staying where it is is not a transition. */
export function canTransition(from: OrderStatus, to: OrderStatus): boolean {
  return transitions[from].includes(to);
}

/** Whether transitions of the table lead from `from` to `to`, in one step or more. */
export function canReach(from: OrderStatus, to: OrderStatus): boolean {
  const reached = new Set<OrderStatus>(transitions[from]);
  for (const status of reached) for (const next of transitions[status]) reached.add(next);
  return reached.has(to);
}

/** Statuses that nothing leaves: the order is over. */
export const finalStatuses = orderStatuses.filter((status) => transitions[status].length === 0);

/** Whether the order is over. */
export function isFinal(status: OrderStatus): boolean {
  return finalStatuses.includes(status);
}

/** Statuses from which `to` may be entered, for the guard of a status write. */
export function allowedBefore(to: OrderStatus): OrderStatus[] {
  return orderStatuses.filter((from) => canTransition(from, to));
}

/** Whether goods have not left yet, so that the order can still be cancelled. */
export function isCancellable(status: OrderStatus): boolean {
  return canTransition(status, 'CANCELLED');
}

/** Whether undoing the saga is still right: the order can be cancelled, or has been. */
export function canBeTakenBack(status: OrderStatus): boolean {
  return status === 'CANCELLED' || isCancellable(status);
}

/** What staff may set by hand: the steps of fulfilment. Everything else is the outcome of a saga. */
export const fulfilmentStatuses = ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const satisfies readonly OrderStatus[];

export type FulfilmentStatus = (typeof fulfilmentStatuses)[number];

/** Whether `status` is a step of fulfilment. */
export function isFulfilmentStatus(status: string): status is FulfilmentStatus {
  return (fulfilmentStatuses as readonly string[]).includes(status);
}

/** Whether it is no news any more that the order was confirmed: the customer has the goods, or it is cancelled. */
export function isConfirmationOldNews(status: OrderStatus): boolean {
  return ['DELIVERED', 'RETURNED', 'REFUNDED', 'CANCELLED'].includes(status);
}
