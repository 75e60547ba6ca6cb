import type { ChargeOutcome } from '../payment.ts';

/** How a charge or an authorisation came out. */
export type StripeOutcome =
  | ChargeOutcome
  | { readonly outcome: 'authorized'; readonly paymentId: string; readonly expiresAt?: string };
