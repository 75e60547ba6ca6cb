/**
 * What waits for somebody to do something, by what it waits for. NEEDS_ATTENTION, STUCK, RETRYING and NOT_STARTED are those of
 * `GET /sagas/waiting`. BACKORDERED: goods ran out after they were paid for. REFUND_DUE: paid outside the payment service, and has to go
 * back by hand. UNAPPLIED_EVENT: an event of another service could not be applied. IMPORT_FAILED: an import with orders that failed.
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
  'UNAPPLIED_EVENT',
  'IMPORT_FAILED',
] as const;

export type WorkQueue = (typeof workQueues)[number];

/** Queues of orders that no list but `GET /queues/{queue}` has. */
export const orderQueues = [
  'PAYMENT_FAILED',
  'BACKORDERED',
  'REVIEW',
  'REFUND_DUE',
  'DISPUTED',
] as const satisfies readonly WorkQueue[];

export type OrderQueue = (typeof orderQueues)[number];

/** Whether `GET /queues/{queue}` lists it. */
export function isOrderQueue(queue: WorkQueue): queue is OrderQueue {
  return orderQueues.some((one) => one === queue);
}
