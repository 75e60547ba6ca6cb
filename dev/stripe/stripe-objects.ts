/** The error of the last attempt at an intent. */
export interface PaymentError {
  readonly type: 'card_error';
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
}

/** A payment intent, with the fields that are used here. */
export interface Intent {
  readonly id: string;
  readonly object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  readonly currency: string;
  readonly capture_method: 'automatic' | 'manual' | 'automatic_async';
  readonly client_secret: string;
  readonly created: number;
  canceled_at: number | null;
  cancellation_reason: string | null;
  last_payment_error: PaymentError | null;
  latest_charge: string | null;
  readonly livemode: false;
  metadata: Record<string, string>;
  next_action: Record<string, unknown> | null;
  payment_method: string | null;
  readonly payment_method_types: readonly string[];
  readonly return_url: string | null;
  /** Whether a card that allows it is to be captured more than once. */
  readonly request_multicapture: boolean;
  status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'requires_capture'
    | 'canceled'
    | 'succeeded';
}

/** A charge of an intent. */
export interface Charge {
  readonly id: string;
  readonly object: 'charge';
  readonly amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  readonly created: number;
  readonly currency: string;
  disputed: boolean;
  metadata: Record<string, string>;
  readonly paid: boolean;
  readonly payment_intent: string;
  readonly payment_method_details: {
    readonly type: 'card';
    readonly card: {
      readonly capture_before?: number;
      readonly multicapture: { readonly status: 'available' | 'unavailable' };
    };
  };
  refunded: boolean;
  readonly status: 'succeeded' | 'failed';
  balance_transaction: string | null;
}

/** A movement of the account's money; `fee` is what Stripe keeps. */
export interface BalanceTransaction {
  readonly id: string;
  readonly object: 'balance_transaction';
  readonly amount: number;
  readonly created: number;
  readonly currency: string;
  readonly fee: number;
  readonly source: string;
  readonly type: 'charge' | 'refund' | 'refund_failure';
}

/** A refund. */
export interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  metadata: Record<string, string>;
  readonly payment_intent: string;
  reason: string | null;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled';
  failure_reason?: string;
}

/** A dispute. */
export interface Dispute {
  readonly id: string;
  readonly object: 'dispute';
  readonly amount: number;
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  readonly evidence_details: { readonly due_by: number | null };
  readonly payment_intent: string;
  readonly reason: string;
  status: 'needs_response' | 'under_review' | 'won' | 'lost' | 'warning_needs_response' | 'warning_closed';
  metadata: Record<string, string>;
}

/** An event, as it is sent to a webhook endpoint. */
export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: unknown };
  readonly livemode: false;
  readonly type: string;
}
