/** What becomes of a payment by one of Stripe's test payment methods. */
export interface TestMethod {
  /** The code of the error and, for a card that its bank declines, why. */
  readonly decline?: { readonly code: string; readonly decline_code?: string };
  readonly isAuthenticated?: boolean;
  readonly isProcessing?: boolean;
  readonly isDisputed?: boolean;
  /** Whether it can be captured only once, whatever is asked for. */
  readonly isCapturedOnce?: boolean;
}

/** Stripe's test payment methods (https://docs.stripe.com/testing), those that the tests use. */
export const testMethods: Readonly<Record<string, TestMethod>> = {
  pm_card_visa: {},
  pm_card_mastercard: { isCapturedOnce: true },
  pm_card_jp: {},
  pm_card_chargeDeclined: { decline: { code: 'card_declined', decline_code: 'generic_decline' } },
  pm_card_chargeDeclinedInsufficientFunds: { decline: { code: 'card_declined', decline_code: 'insufficient_funds' } },
  pm_card_visa_chargeDeclinedInsufficientFunds: {
    decline: { code: 'card_declined', decline_code: 'insufficient_funds' },
  },
  pm_card_chargeDeclinedExpiredCard: { decline: { code: 'expired_card' } },
  pm_card_chargeDeclinedIncorrectCvc: { decline: { code: 'incorrect_cvc' } },
  pm_card_chargeDeclinedProcessingError: { decline: { code: 'processing_error' } },
  pm_card_visa_chargeDeclinedFraudulent: { decline: { code: 'card_declined', decline_code: 'fraudulent' } },
  pm_card_authenticationRequired: { isAuthenticated: true },
  pm_card_threeDSecure2Required: { isAuthenticated: true },
  pm_card_createDispute: { isDisputed: true },
  pm_slow: { isProcessing: true },
};
