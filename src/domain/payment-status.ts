/**
 * Where the money stands. QUEUED: the payment service can't be reached and is being retried.
 * AUTHORIZED: the money is held, and not taken yet. UNKNOWN: a charge was sent and nobody knows yet whether it happened.
 */
export const paymentStatuses = [
  'PENDING',
  'QUEUED',
  'UNKNOWN',
  'AUTHORIZED',
  'CAPTURED',
  'FAILED',
  'REFUNDING',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;

export type PaymentStatus = (typeof paymentStatuses)[number];

const replaceable: Partial<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  // The payment service has accepted the charge and answers later.
  PENDING: ['QUEUED', 'UNKNOWN'],
  QUEUED: ['PENDING', 'FAILED'],
  UNKNOWN: ['PENDING', 'FAILED', 'QUEUED'],
  AUTHORIZED: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN'],
  CAPTURED: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'AUTHORIZED'],
  REFUNDING: ['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'AUTHORIZED', 'CAPTURED', 'PARTIALLY_REFUNDED'],
};

/** The statuses that `status` may replace when an attempt reports it: a late report never replaces what is known by now. */
export function replaceableBy(status: PaymentStatus): readonly PaymentStatus[] {
  return replaceable[status] ?? [];
}
