import { isSealedText, openText, sealText } from './sealed-column.ts';

/** What payment methods are encrypted for. No token of a payment service has a colon, as encrypted ones have. */
const PURPOSE = 'payment-method';

/** A payment method as its column holds it: encrypted when this process encrypts, else the token itself. */
export function sealPaymentMethod(token: string): string {
  return sealText(PURPOSE, token);
}

/** The token that a column holds; as it is stored when its key is missing, which {@link isSealed} tells. */
export function openPaymentMethod(stored: string): string {
  return openText(PURPOSE, stored);
}

/** Whether a payment method is still encrypted, since its key is missing: nothing can be charged to it. */
export function isSealed(paymentMethod: string): boolean {
  return isSealedText(paymentMethod);
}
