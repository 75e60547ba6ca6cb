import { findCardLengths, MIN_CARD_DIGITS } from './card-issuers.ts';
import { readDigitRuns, type DigitRun } from './digit-runs.ts';

/**
 * Whether `text` holds something like a payment card number: 13 to 19 digits of any script in an issuer's range, of a length that this issuer uses,
 * with the right check digit (Luhn), whatever stands between the digits but letters. A telephone number that begins with `+` is none, nor is a UUID.
 */
export function holdsCardNumber(text: string): boolean {
  return cardNumbersIn(text).length > 0;
}

/** The text with every digit of a card number but the last four replaced by `*`. */
export function maskCardNumbers(text: string): string {
  const found = cardNumbersIn(text);
  if (found.length === 0) return text;
  const masked = new Set(found.flatMap(({ run, from, to }) => run.at.slice(from, to - KEPT_DIGITS)));
  let result = '';
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    result += masked.has(at) ? '*' : character;
    at += character.length;
  }
  return result;
}

/** As many as receipts show. */
const KEPT_DIGITS = 4;

/** The digits of a run from `from` up to but not including `to`. */
interface Found {
  readonly run: DigitRun;
  readonly from: number;
  readonly to: number;
}

function cardNumbersIn(text: string): Found[] {
  const found = numbersIn(text);
  if (found.length === 0) return found;
  return numbersIn(text.replace(UUIDS, (uuid) => 'x'.repeat(uuid.length)));
}

/** Ids that programs make (RFC 9562): of random ones, one in three thousand has digits like those of a card number. */
const UUIDS = /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-z])/gi;

function numbersIn(text: string): Found[] {
  return readDigitRuns(text, MIN_CARD_DIGITS).flatMap((run) => (isTelephoneNumber(run) ? [] : cardNumbersOf(run)));
}

/** The longest that E.164 allows, without the `+`. */
const MAX_TELEPHONE_DIGITS = 15;

function isTelephoneNumber({ digits, afterPlus }: DigitRun): boolean {
  return afterPlus && digits.length <= MAX_TELEPHONE_DIGITS;
}

/** In time linear in the run's length: the check digits of all parts of it are differences of the same two sums. */
function cardNumbersOf(run: DigitRun): Found[] {
  const { digits, groupStarts } = run;
  const found: Found[] = [];
  // Most runs, such as dates, begin like no card.
  let sums: ReturnType<typeof sumsOf> | undefined;
  for (let from = 0; from + MIN_CARD_DIGITS <= digits.length; from += 1) {
    if (groupStarts[from] !== true) continue;
    const lengths = findCardLengths(digits, from);
    for (const length of lengths) {
      const to = from + length;
      const isAtGroupEnd = to === digits.length || groupStarts[to] === true;
      if (!isAtGroupEnd) continue;
      sums ??= sumsOf(digits);
      if (!hasCheckDigit(sums, from, to)) continue;
      if (isWritten(run, from, to)) found.push({ run, from, to });
    }
  }
  return found;
}

/**
 * Luhn's sums of the digits before each place, with the digits at even places doubled, and with those at odd ones. A number that ends before
 * place `n` doubles the second digit from its end, and every other one: those whose place is even if `n` is.
 */
function sumsOf(digits: readonly number[]): readonly [Uint32Array, Uint32Array] {
  const even = new Uint32Array(digits.length + 1);
  const odd = new Uint32Array(digits.length + 1);
  for (const [place, digit] of digits.entries()) {
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
    even[place + 1] = (even[place] ?? 0) + (place % 2 === 0 ? doubled : digit);
    odd[place + 1] = (odd[place] ?? 0) + (place % 2 === 0 ? digit : doubled);
  }
  return [even, odd];
}

/** The most digits of a group where all groups are of one odd size. */
const MAX_ODD_GROUP = 5;

function hasCheckDigit(sums: ReturnType<typeof sumsOf>, from: number, to: number): boolean {
  const sum = sums[to % 2] ?? [];
  return ((sum[to] ?? 0) - (sum[from] ?? 0)) % 10 === 0;
}

/**
 * Whether somebody would write a card number in these groups. All digits of a run may be grouped in any way. Where other digits stand beside them, the
 * groups have to be of even sizes or all of one: the order number `404-1234567-1234567` holds no card number. A bar code is none either.
 */
function isWritten({ digits, groupStarts }: DigitRun, from: number, to: number): boolean {
  const breaks: number[] = [];
  for (let place = from + 1; place < to; place += 1) if (groupStarts[place] === true) breaks.push(place - from);
  const [size] = breaks;
  if (size === undefined) return !isBarCode(digits.slice(from, to));
  if (to - from === AMAZON_DIGITS && breaks.join() === AMAZON_BREAKS) return false;
  if (to - from === digits.length || breaks.every((place) => place % 2 === 0)) return true;
  return (
    size <= MAX_ODD_GROUP &&
    breaks.length === Math.ceil((to - from) / size) - 1 &&
    breaks.every((place) => place % size === 0)
  );
}

/** How Amazon writes its order numbers, three digits and twice seven, and nobody a card number. */
const AMAZON_DIGITS = 17;
const AMAZON_BREAKS = '3,10';

/** The length of a GTIN-13, which every packed product has. */
const BAR_CODE_DIGITS = 13;

/** Whether digits are a GTIN-13 with its check digit, https://www.gs1.org/services/how-calculate-check-digit-manually. */
function isBarCode(digits: readonly number[]): boolean {
  const sum = digits.reduce((total, digit, place) => total + digit * (place % 2 === 0 ? 1 : 3), 0);
  return digits.length === BAR_CODE_DIGITS && sum % 10 === 0;
}
