/**
 * What waits for somebody to do something, by what it waits for. NEEDS_ATTENTION, STUCK, RETRYING and NOT_STARTED are those of
 * `GET /sagas/waiting`. BACKORDERED: goods ran out after they were paid for. REFUND_DUE: paid outside the payment service, and has to go
 * back by hand.
 */
export const workQueues = [
  'NEEDS_ATTENTION',
  'STUCK',
  'RETRYING',
  'NOT_STARTED',
  'PAYMENT_FAILED',
  'BACKORDERED',
  'REVIEW',
  'REFUND_DUE',
  'DISPUTED',
  'MESSAGE_FAILED',
  'DEAD_LETTER',
] as const;

export type WorkQueue = (typeof workQueues)[number];

/** Queues of orders that no other list has. */
export const orderQueues = [
  'PAYMENT_FAILED',
  'BACKORDERED',
  'REVIEW',
  'REFUND_DUE',
  'DISPUTED',
] as const satisfies readonly WorkQueue[];

export type OrderQueue = (typeof orderQueues)[number];
