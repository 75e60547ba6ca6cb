/**
 * Where the money stands. QUEUED: the payment service can't be reached and is being retried.
 * UNKNOWN: a charge was sent and nobody knows yet whether it happened.
 */
export const paymentStatuses = [
  'PENDING',
  'QUEUED',
  'UNKNOWN',
  'CAPTURED',
  'FAILED',
  'REFUNDING',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;

export type PaymentStatus = (typeof paymentStatuses)[number];
