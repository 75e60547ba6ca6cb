import type { StripeFailure } from './stripe-error.ts';

/** What the customer is told of a payment method that Stripe can't make sense of. */
const INVALID_METHOD = 'INVALID_PAYMENT_METHOD';

/** Codes of requests that fail by their payment method or by an amount that no method pays. */
const declineCodes = new Set([
  'amount_too_large',
  'amount_too_small',
  'token_already_used',
  'token_in_use',
  'setup_intent_authentication_failure',
]);

/**
 * Why a charge is declined, when this is what the error says: the card was declined, or the request is at fault by the payment method alone,
 * whatever is wrong with it. `undefined` for every other error.
 */
export function declineOf({ type, code, declineCode, param, status }: StripeFailure): string | undefined {
  if (status === undefined || status >= 500 || status === 429) return undefined;
  if (type === 'StripeCardError') return declineCode ?? code ?? 'card_declined';
  if (type !== 'StripeInvalidRequestError') return undefined;
  if (code !== undefined && declineCodes.has(code)) return code;
  const isOfMethod = [param, code].some((text) => text !== undefined && ofMethod.test(text));
  return isOfMethod ? INVALID_METHOD : undefined;
}

/** Parameters and codes that are about the payment method. */
const ofMethod =
  /^(payment_method|confirmation_token|source|card_|bank_account_|payment_intent_(incompatible_payment_method|payment_attempt))/;
