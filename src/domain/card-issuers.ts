/** Leading digits that issuers have, from and to, both of the same length, and the lengths of their card numbers. */
interface Issuer {
  readonly from: string;
  readonly to: string;
  readonly lengths: readonly number[];
}

/** The shortest card number that issuers use. */
export const MIN_CARD_DIGITS = 13;

const upTo19 = [16, 17, 18, 19];

/**
 * The ranges of ISO/IEC 7812 that issuers use, as https://en.wikipedia.org/wiki/Payment_card_number and
 * https://github.com/braintree/credit-card-type list them. Numbers of 13 digits are Visa's oldest, some of which still serve as test numbers.
 */
const issuers: readonly Issuer[] = [
  // Visa, with Dankort and the debit brands that share its range.
  issuer('4', [13, 16, 18, 19]),
  // Mastercard.
  issuer('51-55', [16]),
  issuer('2221-2720', [16]),
  // American Express.
  issuer('34', [15]),
  issuer('37', [15]),
  // Diners Club.
  issuer('300-305', [14, 16, 19]),
  issuer('309', [14, 16, 19]),
  issuer('36', [14, 16, 19]),
  issuer('38-39', [14, 16, 19]),
  // JCB.
  issuer('3528-3589', upTo19),
  issuer('1800', [15]),
  issuer('2131', [15]),
  // Maestro, Verve, Elo, RuPay and others that share its ranges; shorter numbers are of Maestro's own prefixes only.
  issuer('50', [16, 18, 19]),
  issuer('56-58', [16, 18, 19]),
  ...['5018', '5020', '5038', '5893', '6304', '6759', '6761-6763'].map((range) => issuer(range, [13, 14, 15, 17])),
  // Discover, UnionPay, Maestro, RuPay, Troy, Hipercard and others.
  issuer('6', [16, 18, 19]),
  issuer('62', [17]),
  issuer('6011', [17]),
  issuer('644-65', [17]),
  // UnionPay and RuPay.
  issuer('81-82', upTo19),
  // Mir.
  issuer('2200-2204', upTo19),
  // Troy.
  issuer('9792', [16]),
  // Uzcard and Humo.
  issuer('8600', [16]),
  issuer('9860', [16]),
];

/** The lengths of the card numbers that begin with the digits from `at` on. */
export function findCardLengths(digits: readonly number[], at: number): readonly number[] {
  let prefix = 0;
  for (let place = at; place < at + PREFIX_DIGITS; place += 1) prefix = prefix * 10 + (digits[place] ?? 0);
  return lengthsOf(prefix);
}

/** No range is told by more digits. */
const PREFIX_DIGITS = 4;

function issuer(range: string, lengths: readonly number[]): Issuer {
  const [from = '', to = from] = range.split('-');
  return { from, to, lengths };
}

const lengthsByPrefix = new Map<number, readonly number[]>();

function lengthsOf(prefix: number): readonly number[] {
  const known = lengthsByPrefix.get(prefix);
  if (known) return known;
  const lengths = [...new Set(issuers.flatMap((range) => (isWithin(prefix, range) ? range.lengths : [])))];
  lengthsByPrefix.set(prefix, lengths);
  return lengths;
}

function isWithin(prefix: number, { from, to }: Issuer): boolean {
  return prefix >= Number(from.padEnd(PREFIX_DIGITS, '0')) && prefix <= Number(to.padEnd(PREFIX_DIGITS, '9'));
}
