import { isJsonObject } from './read-message.ts';

/**
 * Types of the `ApplicationFailure`s that cross from activities to workflows and from workflows to callers.
 * A refusal is a business outcome and is never retried; every other failure is.
 */
export const failureTypes = {
  outOfStock: 'OUT_OF_STOCK',
  paymentDeclined: 'PAYMENT_DECLINED',
  /** A review has rejected the order. The message says no more than that: the reasons are for staff. */
  orderRejected: 'ORDER_REJECTED',
  /** The compensation came first and left its tombstone: the step must not run any more. */
  alreadyCompensated: 'ALREADY_COMPENSATED',
  /** The goods have been shipped: the order is not compensated any more, whoever asks. */
  goodsLeft: 'GOODS_HAVE_LEFT',
  /** The service can't have acted: the connection was refused or it said that it is unavailable. */
  unreachable: 'SERVICE_UNREACHABLE',
  /** The service may have acted: the reply was lost, late or an error. */
  outcomeUnknown: 'OUTCOME_UNKNOWN',
  /** The service has accepted the request and answers later: the step waits for its message, and looks the answer up by and by. */
  awaitingAnswer: 'AWAITING_ANSWER',
  /** The service rejects the request for good: no retry helps. */
  rejected: 'REQUEST_REJECTED',
  /** What was paid outside the payment service has to go back by hand; `details` are a {@link DueByHand}. */
  dueByHand: 'DUE_BY_HAND',
  databaseUnavailable: 'DATABASE_UNAVAILABLE',
  /** The order does not allow what was asked for: too much, too little, or of something that it does not have. */
  notPossible: 'NOT_POSSIBLE',
  /** The customer is unknown or inactive, and may not order more. */
  customerRefused: 'CUSTOMER_REFUSED',
  /** The order has changed since the version that the caller saw. */
  versionConflict: 'VERSION_CONFLICT',
  transitionNotAllowed: 'TRANSITION_NOT_ALLOWED',
  tooLateToCancel: 'TOO_LATE_TO_CANCEL',
  invalidCommand: 'INVALID_COMMAND',
} as const;

export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

const refusals: readonly string[] = [
  failureTypes.outOfStock,
  failureTypes.paymentDeclined,
  failureTypes.orderRejected,
  failureTypes.alreadyCompensated,
  failureTypes.goodsLeft,
  failureTypes.notPossible,
  failureTypes.customerRefused,
  failureTypes.versionConflict,
  failureTypes.transitionNotAllowed,
] satisfies FailureType[];

/** Whether a failure of this type is a business outcome, which nobody retries and no operator needs to see. */
export function isRefusal(type: string | null | undefined): boolean {
  return type != null && refusals.includes(type);
}

/** A line that is out of stock, as `details` of `OUT_OF_STOCK`. */
export interface StockShortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

/** What a refund has left to a person, as `details` of `DUE_BY_HAND`; amounts in minor units. */
export interface DueByHand {
  /** What went back through the payment service in this refund. */
  readonly refundedMinor: number;
  readonly dueMinor: number;
}

/** How long a service asked to be left alone, in milliseconds, as `details` of `SERVICE_UNREACHABLE` and `OUTCOME_UNKNOWN`. */
export interface Delayed {
  readonly retryAfterMs: number;
}

/** How long the service asked to be left alone in which a step has failed, in milliseconds; 0 when it did not ask. */
export function retryAfterOf(details: readonly unknown[] | null | undefined): number {
  const [first] = details ?? [];
  if (!isJsonObject(first)) return 0;
  const { retryAfterMs } = first;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 0;
}

/** When the answer of a service is asked for at the latest, RFC 3339, as `details` of `AWAITING_ANSWER`. */
export interface AwaitedUntil {
  readonly until: string;
}

/** The moment that {@link AwaitedUntil} says; `undefined` when there is none. */
export function awaitedUntilOf(details: readonly unknown[] | null | undefined): string | undefined {
  const [first] = details ?? [];
  if (!isJsonObject(first)) return undefined;
  const { until } = first;
  return typeof until === 'string' && !Number.isNaN(Date.parse(until)) ? until : undefined;
}
