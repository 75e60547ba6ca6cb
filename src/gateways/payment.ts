/** A charge to make; the amount in minor units. */
export interface ChargeRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** A partial refund of an order; the amount in minor units. */
export interface RefundRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** What a customer has to do before a charge can go on: at an address, or in the shop's page by the provider's script. */
export type NextAction =
  | { readonly type: 'redirect'; readonly url: string }
  | { readonly type: 'use_sdk'; readonly client_secret: string };

/**
 * How a charge came out; `pending`: the service has accepted it and answers later; `action_required`: it waits for the customer, and answers
 * later as well.
 */
export type ChargeOutcome =
  | { readonly outcome: 'pending'; readonly paymentId: string }
  | { readonly outcome: 'action_required'; readonly paymentId: string; readonly nextAction: NextAction }
  | { readonly outcome: 'captured'; readonly paymentId: string }
  | { readonly outcome: 'declined'; readonly declineCode: string };

/** What the saga needs of a payment service. Every failure is a `GatewayError`; each method makes one attempt. */
export interface PaymentGateway {
  /** Charges once per idempotency key, at once or later. Refused `PAYMENT_VOIDED` when a void came first; a payment method that the service rejects is a decline. */
  readonly charge: (request: ChargeRequest) => Promise<ChargeOutcome>;
  /** The outcome of the charge with this key; `undefined` when the service never got it. */
  readonly findCharge: (idempotencyKey: string) => Promise<ChargeOutcome | undefined>;
  /**
   * Refunds everything that was charged for the order, but for the charges with the keys `except`, and refuses every later charge
   * for it, those that are pending included; returns the total refunded, in minor units.
   */
  readonly voidOrder: (orderId: string, currency: string, except?: readonly string[]) => Promise<number>;
  /** Refunds the charge with this key, if it was made, and refuses it from now on, also one that is pending; returns what was refunded, in minor units. */
  readonly voidCharge: (orderId: string, idempotencyKey: string, currency: string) => Promise<number>;
  /** Refunds an amount once per idempotency key, from whichever charges have it. Refused `REFUND_EXCEEDS`. */
  readonly refund: (request: RefundRequest) => Promise<void>;
}
