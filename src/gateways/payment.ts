import type { ProviderPayment } from '../domain/compare-payments.ts';
import type { NextAction } from '../domain/next-action.ts';
import type { RefundableCharge } from '../domain/refundable-charges.ts';

/** A charge or an authorisation to make; the amount in minor units. */
export interface ChargeRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** A capture of what an authorisation holds; the amount in minor units. */
export interface CaptureRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  /** The key that the authorisation was made with, and what the payment service calls it. */
  readonly authorizationKey: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Whether the service releases what is left of the authorisation. */
  readonly isFinal: boolean;
}

/** A capture that was made. */
export interface Captured {
  readonly paymentId: string;
}

/** A partial refund of an order; the amount in minor units. */
export interface RefundRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The payments to draw from, in this order. */
  readonly charges: readonly RefundableCharge[];
}

/**
 * How a charge or an authorisation came out. `pending`: the service has accepted it and answers later. `action_required`: it waits for the
 * customer, and answers later as well. `authorized`: the money is held until `expiresAt`, RFC 3339, and nothing of it is taken yet.
 */
export type ChargeOutcome =
  | { readonly outcome: 'pending'; readonly paymentId: string }
  | { readonly outcome: 'action_required'; readonly paymentId: string; readonly nextAction: NextAction }
  | { readonly outcome: 'authorized'; readonly paymentId: string; readonly expiresAt?: string | undefined }
  | { readonly outcome: 'captured'; readonly paymentId: string }
  | { readonly outcome: 'declined'; readonly declineCode: string };

/** Which payments are listed: those that money moved with from `from` until before `to`; `cursor` is where the page before has ended. */
export interface MovementQuery {
  readonly from: Date;
  readonly to: Date;
  readonly cursor: string | undefined;
}

/** A page of payments as they stand now, each with all that was taken and refunded of it; without `nextCursor` it is the last one. */
export interface MovementPage {
  readonly payments: readonly ProviderPayment[];
  readonly nextCursor: string | undefined;
}

/** What the saga needs of a payment service. Every failure is a `GatewayError`; each method makes one attempt. */
export interface PaymentGateway {
  /** Charges once per idempotency key, at once or later. Refused `PAYMENT_VOIDED` when a void came first; a payment method that the service rejects is a decline. */
  readonly charge: (request: ChargeRequest) => Promise<ChargeOutcome>;
  /** Holds the money once per idempotency key; otherwise as `charge`. */
  readonly authorize: (request: ChargeRequest) => Promise<ChargeOutcome>;
  /**
   * Takes what an authorisation holds, or a part of it, once per idempotency key. Refused `AUTHORIZATION_EXPIRED`, `CAPTURE_EXCEEDS` when it
   * holds less, `PAYMENT_VOIDED` when a void came first.
   */
  readonly capture: (request: CaptureRequest) => Promise<Captured>;
  /** The capture with this key; `undefined` when the service never made it. */
  readonly findCapture: (idempotencyKey: string) => Promise<Captured | undefined>;
  /** The outcome of the charge or authorisation with this key, as it is now; `undefined` when the service never got it. */
  readonly findCharge: (idempotencyKey: string) => Promise<ChargeOutcome | undefined>;
  /**
   * Refunds everything that was charged or captured for the order and releases what is only authorised, but for what was made with the
   * keys `except`, and refuses everything later for it, what is pending included; returns the total refunded, in minor units. What was
   * only released is no refund.
   */
  readonly voidOrder: (orderId: string, currency: string, except?: readonly string[]) => Promise<number>;
  /** The same of the charge or authorisation with this key alone, also one that is pending; returns what was refunded, in minor units. */
  readonly voidCharge: (orderId: string, idempotencyKey: string, currency: string) => Promise<number>;
  /** Refunds an amount once per idempotency key, from the charges given. Refused `REFUND_EXCEEDS`. */
  readonly refund: (request: RefundRequest) => Promise<void>;
  /** Lists payments that were made, captured or refunded within a time, whoever asked for it, page by page; a page may repeat one of another. */
  readonly listMovements: (query: MovementQuery) => Promise<MovementPage>;
}
