/** A charge to make; the amount in minor units. */
export interface ChargeRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** A part of what was taken for an order, to be given back; the amount in minor units. */
export interface RefundRequest {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** How a charge came out. */
export type ChargeOutcome =
  | { readonly outcome: 'captured'; readonly paymentId: string }
  | { readonly outcome: 'declined'; readonly declineCode: string };

/** What the saga needs of a payment service. Every failure is a `GatewayError`; each method makes one attempt. */
export interface PaymentGateway {
  /** Takes the money once per idempotency key. Refused `PAYMENT_VOIDED` when a void came first. */
  readonly charge: (request: ChargeRequest) => Promise<ChargeOutcome>;
  /** What became of the charge with this key; `undefined` when the service never saw it. */
  readonly findCharge: (idempotencyKey: string) => Promise<ChargeOutcome | undefined>;
  /** Refunds whatever was taken for the order and refuses every later charge for it; returns the total refunded, in minor units. */
  readonly voidOrder: (orderId: string, currency: string) => Promise<number>;
  /** Refunds what the charge with this key took, if anything, and refuses it from now on; returns what was refunded, in minor units. */
  readonly voidCharge: (orderId: string, idempotencyKey: string, currency: string) => Promise<number>;
  /** Gives a part back once per idempotency key, whichever charges took it. Refused `REFUND_EXCEEDS`. */
  readonly refund: (request: RefundRequest) => Promise<void>;
}
