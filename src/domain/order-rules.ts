import type { DeclineLimits } from './decline-limits.ts';
import type { PaymentCapture } from './payment-capture.ts';
import type { ReviewRules } from './order-review.ts';
import type { Rate } from './rate.ts';

/** Limits that every order keeps, also when it is amended. */
export interface OrderRules {
  readonly maxItems: number;
  /** The least total, a decimal amount in major units of whatever currency. */
  readonly minTotal: string;
}

/** All that an order is amended by. */
export interface AmendmentRules extends OrderRules {
  /** By ISO 3166-1 alpha-2 country code; other countries are not taxed. */
  readonly taxRates: Readonly<Record<string, Rate>>;
}

/** All that a charge of an order is tried by. */
export interface ChargingRules {
  readonly declineLimits: DeclineLimits;
}

/** All that an order is paid by. */
export interface PayingRules extends ChargingRules {
  /** How long a customer has to confirm a payment, in milliseconds. */
  readonly paymentActionWindowMs: number;
}

/** By what orders are reviewed, beside a service; `undefined` when they are not, or by a service alone. */
export interface ReviewingRules {
  readonly review?: { readonly rules: ReviewRules | undefined } | undefined;
}

/** All that an order is placed by. */
export interface PlacingRules extends AmendmentRules {
  /** When payments are captured that are authorised; they are charged at once unless given. */
  readonly paymentCapture?: PaymentCapture | undefined;
  /** What each shipping method costs, a decimal amount in major units of whatever currency. */
  readonly shippingRates: Readonly<Record<string, string>>;
}
