import type { OrderFailure, Tracking } from './order.ts';
import type { OrderStatus } from './order-status.ts';
import type { PaymentPart } from './payment-part.ts';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStatus } from './payment-status.ts';
import type { SagaState, StepRecord } from './saga.ts';

/** A status write with everything that belongs to the same moment. */
export interface OrderTransition {
  readonly orderId: string;
  readonly to: OrderStatus;
  /** Names this transition within its order: a repeat with the same key changes nothing. */
  readonly key: string;
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly sagaState: SagaState;
  readonly paymentStatus?: PaymentStatus | undefined;
  readonly paymentId?: string | undefined;
  readonly paymentMethod?: string | undefined;
  /** With another `paymentMethod`: null when it is a single one. */
  readonly paymentParts?: readonly PaymentPart[] | null | undefined;
  /** RFC 3339; until when another payment method is taken. */
  readonly paymentRetryUntil?: string | undefined;
  readonly refundedMinor?: number | undefined;
  readonly reservationId?: string | undefined;
  readonly cancellationReason?: string | undefined;
  readonly tracking?: Tracking | undefined;
  readonly failure?: OrderFailure | undefined;
  readonly steps?: readonly StepRecord[] | undefined;
  readonly transactions?: readonly PaymentTransactionRecord[] | undefined;
}

/**
 * What money does. AUTHORIZATION: it is held, and what is taken of it are charges with the same payment id. REFUND_FAILURE: a refund on record
 * has not reached the customer, and its amount, or a part of it, is back.
 */
export const transactionKinds = ['CHARGE', 'REFUND', 'AUTHORIZATION', 'REFUND_FAILURE'] as const;

/**
 * What came of it. Of an authorisation: AUTHORIZED, VOIDED when the rest of it was released, EXPIRED when it no longer holds. FAILED: of a
 * refund failure.
 */
export const transactionStatuses = [
  'CAPTURED',
  'DECLINED',
  'REFUNDED',
  'AUTHORIZED',
  'VOIDED',
  'EXPIRED',
  'FAILED',
] as const;

/** A charge, an authorisation or a refund as the payment service reported it, or a person if it is EXTERNAL; amounts in minor units. */
export interface PaymentTransactionRecord {
  readonly idempotencyKey: string;
  readonly kind: (typeof transactionKinds)[number];
  readonly status: (typeof transactionStatuses)[number];
  readonly paymentId?: string | undefined;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly declineCode?: string | undefined;
  /** The payment service unless given. */
  readonly provider?: PaymentProvider | undefined;
  /** What finds it where it was made, such as the number of a bank transfer. */
  readonly reference?: string | undefined;
  readonly reason?: string | undefined;
  readonly actor?: string | undefined;
}
