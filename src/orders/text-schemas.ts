import { z } from 'zod';
import { holdsCardNumber } from '../domain/card-number.ts';
import { IDEMPOTENCY_KEY, LINE, MAX_REASON, PAYMENT_METHOD } from '../domain/text-rules.ts';

/** A text is searched only when its length is known to be fine, and nothing else is wrong with it: searching takes far longer than counting. */
const CARD_NUMBER = {
  error: 'must not hold a card number; send a payment method token instead',
  when: ({ issues }: { issues: readonly unknown[] }) => issues.length === 0,
};
const notACardNumber = (text: string) => !holdsCardNumber(text);

/** Half a surrogate pair is no character: PostgreSQL refuses it, and NUL, which the patterns below exclude. */
const wellFormed = (text: string) => text.isWellFormed();

// Negated classes: property-based tests list all characters of a class, and the allowed ones would be 65 000.
/* oxlint-disable no-control-regex -- control characters are what they are about */

/** Lines of text, perhaps none, without control characters but tabs and line breaks. */
const LINES = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/;

/* oxlint-enable no-control-regex */

/** Digits with what people write between them; an extension at the end. */
const PHONE = /^ *[+(]?[0-9(](?:[ ()./-]{0,3}[0-9]){2,19}(?:[ ,]{0,2}(?:x|ext\.?|#) ?[0-9]{1,8})?$/;

/** The form of a language tag; whether its parts go together is another question. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** One line that is not blank, of at most `max` characters, without control characters. It is not kept: it is only compared, or names what a service keeps. */
export function comparedLine(max: number) {
  return z
    .string()
    .min(1, { abort: true })
    .max(max)
    .regex(LINE, 'must be one line that is not blank, without control, invisible or direction characters')
    .refine(wellFormed, 'must be valid Unicode');
}

/** A line as {@link comparedLine} that is kept, so that a card number is refused. */
export function line(max: number) {
  return comparedLine(max).refine(notACardNumber, CARD_NUMBER);
}

/** Lines of text that people write, perhaps none; where a card number is refused. */
export function lines(max: number) {
  return z
    .string()
    .max(max)
    .regex(LINES, 'must not hold control characters')
    .refine(wellFormed, 'must be valid Unicode')
    .refine(notACardNumber, CARD_NUMBER);
}

/** The same with something to read. */
export function notBlankLines(max: number) {
  return lines(max).regex(/\S/, 'must not be blank');
}

/** The key under which a request may be sent again; it is kept with what the request did. */
export const idempotencyKey = z
  .string()
  .regex(IDEMPOTENCY_KEY, 'must be 1 to 255 printable ASCII characters')
  .refine(notACardNumber, CARD_NUMBER);

/** A payment method as the payment service names it: an opaque token, never a card number. */
export const paymentMethod = z
  .string()
  .regex(PAYMENT_METHOD, 'must be a payment method token: 1 to 255 letters, digits, "_", "-" or "."')
  .refine(notACardNumber, CARD_NUMBER)
  .meta({ example: 'tok_ok' });

/** Longest e-mail address (RFC 5321, without the brackets). */
const MAX_EMAIL = 254;

/** An e-mail address, in whatever case. */
export const emailAddress = z
  .email({ error: ({ code }) => (code === 'invalid_format' ? 'must be an e-mail address' : undefined) })
  .max(MAX_EMAIL)
  .refine(notACardNumber, CARD_NUMBER)
  .meta({ example: 'alice@example.com' });

/** A telephone number as people write it, perhaps with an extension; it is kept as given. */
export const phoneNumber = z
  .string()
  .max(40)
  .regex(PHONE, 'must be a telephone number such as +44 20 7946 0018: 3 to 20 digits')
  .refine(notACardNumber, CARD_NUMBER)
  .meta({ example: '+44 20 7946 0018' });

/** A language tag (BCP 47), kept as given. */
export const languageTag = z
  .string()
  .max(35)
  .regex(LANGUAGE_TAG, { error: 'must be a language tag (BCP 47) such as en-GB', abort: true })
  .refine(isLanguageTag, 'must be a language tag (BCP 47) such as en-GB')
  .refine(notACardNumber, CARD_NUMBER)
  .meta({ example: 'en-GB' });

/** Whether text in the form of a tag is one, by its parts. */
function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** A coupon's code, in whatever case. */
export const couponCode = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
    'must be 1 to 64 letters, digits, "_", "-" or ".", a letter or digit first',
  )
  .refine(notACardNumber, CARD_NUMBER)
  .meta({ example: 'SAVE10' });

/** The reason for an action, for the records. */
export const reason = line(MAX_REASON).meta({ example: 'customer asked for it' });

/** A moment as RFC 3339, or a day of the shop's time zone (see `readMoment`); within the range of both JavaScript and PostgreSQL. */
export const moment = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    'must be a date or an RFC 3339 time such as 2026-11-21T09:30:00Z',
  )
  .refine((text) => isTellable(text), 'must be between the years 1 and 9999')
  .optional();

/** Whether both JavaScript and PostgreSQL can represent a moment. */
export function isTellable(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1 && year <= 9_999;
}
