import type { OrderStatus } from './order-status.ts';

/**
 * Where the money stands. QUEUED: the payment service can't be reached and is being retried.
 * AUTHORIZED: the money is held, and not taken yet. UNKNOWN: a charge was sent and nobody knows yet whether it happened.
 * ACTION_REQUIRED: the payment goes on once the customer has confirmed it, as the order's `next_action` says.
 */
export const paymentStatuses = [
  'PENDING',
  'QUEUED',
  'UNKNOWN',
  'ACTION_REQUIRED',
  'AUTHORIZED',
  'CAPTURED',
  'FAILED',
  'REFUNDING',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;

export type PaymentStatus = (typeof paymentStatuses)[number];

/**
 * Whether the goods of a confirmed order wait for another payment method: the authorisation has expired, and a new
 * one was declined.
 */
export function isUnpaidForShipping(order: {
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
}): boolean {
  return (order.status === 'CONFIRMED' || order.status === 'PROCESSING') && order.paymentStatus === 'FAILED';
}

const replaceable: Partial<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  // The payment service has accepted the charge and answers later.
  PENDING: ['QUEUED', 'UNKNOWN', 'ACTION_REQUIRED'],
  ACTION_REQUIRED: ['PENDING', 'QUEUED', 'UNKNOWN'],
  QUEUED: ['PENDING', 'FAILED'],
  UNKNOWN: ['PENDING', 'FAILED', 'QUEUED'],
  AUTHORIZED: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'ACTION_REQUIRED'],
  CAPTURED: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'ACTION_REQUIRED', 'AUTHORIZED'],
  REFUNDING: [
    ...(['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'ACTION_REQUIRED', 'AUTHORIZED', 'CAPTURED'] as const),
    'PARTIALLY_REFUNDED',
  ],
};

/** The statuses that `status` may replace when an attempt reports it: a late report never replaces what is known by now. */
export function replaceableBy(status: PaymentStatus): readonly PaymentStatus[] {
  return replaceable[status] ?? [];
}
