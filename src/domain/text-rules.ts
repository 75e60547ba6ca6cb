import { holdsCardNumber } from './card-number.ts';

// Negated classes: property-based tests list all characters of a class, and the allowed ones would be 65 000.
/* oxlint-disable no-control-regex -- control characters are what they are about */

/**
 * One line that begins with something visible, without control characters; U+2028 and U+2029 begin another line. Spaces of no width
 * and overrides of the direction of text show another name than the one that is kept; joiners (U+200C, U+200D) belong to some scripts.
 */
export const LINE =
  /^ *[^\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff][^\u0000-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff]*$/;

/* oxlint-enable no-control-regex */

/** A payment method as the payment service names it. */
export const PAYMENT_METHOD = /^[A-Za-z0-9_.-]{1,255}$/;

/** Under what a caller repeats a request. */
export const IDEMPOTENCY_KEY = /^[ -~]{1,255}$/;

/** Longest reason for an action. */
export const MAX_REASON = 500;

/** Longest reference of money that was moved by hand. */
export const MAX_REFERENCE = 200;

/** Longest number that a shop gives an order. */
export const MAX_ORDER_REFERENCE = 200;

/** Longest SKU, product id or variant id. */
export const MAX_SKU = 255;

/** Longest name of a carrier, and longest tracking number. */
export const MAX_TRACKING = 100;

/** Largest quantity of one line. */
export const MAX_QUANTITY = 10_000;

/** Most lines that one shipment or return names. */
export const MAX_ITEM_QUANTITIES = 1_000;

/** Whether `text` is one line that is not blank, of at most `max` characters, without a card number. */
export function isLine(text: string, max: number): boolean {
  return text.length <= max && LINE.test(text) && text.isWellFormed() && !holdsCardNumber(text);
}

/** Whether `text` can be the key of a request. */
export function isIdempotencyKey(text: string): boolean {
  return IDEMPOTENCY_KEY.test(text) && !holdsCardNumber(text);
}

/** Whether `text` is a decimal amount of some currency; how many decimals it may have the currency says. */
export function isAmount(text: string): boolean {
  return /^\d{1,16}(\.\d{1,4})?$/.test(text);
}

/** Whether `text` is a payment method token and no card number. */
export function isPaymentMethod(text: string): boolean {
  return PAYMENT_METHOD.test(text) && !holdsCardNumber(text);
}
