import { currencyDecimals, isCurrency } from '../../domain/currency.ts';
import { MAX_AMOUNT_MINOR } from '../../domain/money.ts';
import type { DecimalSign } from '../../domain/preset.ts';

/** A number as a cell writes it. */
export interface Figure {
  readonly isNegative: boolean;
  /** What stands beside the digits, such as `$` or `EUR`; empty when nothing does. */
  readonly sign: string;
  /** Digits in front of the last separator, without separators. */
  readonly whole: string;
  /** Digits behind it. */
  readonly fraction: string;
  /** The last separator, where it may be the decimal sign. */
  readonly separator: '.' | ',' | null;
  /** Either it has three decimals, or `separator` separates thousands: only other numbers of the file can tell. */
  readonly isAmbiguous: boolean;
  /** The decimal sign that it shows for certain. */
  readonly shows: '.' | ',' | null;
}

/** No number of an order is longer, with its separators and its currency. */
const MAX_CHARACTERS = 60;

/** Digits in groups of three, or, with commas, as India writes them. */
const THOUSANDS = /^\d{1,3}(?: \d{3})+$/;
const LAKHS = /^\d{1,2}(?: \d{2})+ \d{3}$/;

function isGrouped(groups: readonly string[], separator: string | undefined): boolean {
  const text = groups.join(' ');
  return THOUSANDS.test(text) || (separator === ',' && LAKHS.test(text));
}

/** Reads a number with any separators, signs and currency; `undefined` for what is none. */
export function parseFigure(text: string): Figure | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const plain = splitPlain(text);
  if (plain) return { isNegative: false, sign: '', ...plain };
  const match = /^([^\d]*?)([.,]?\d(?:[\d.,'’\s]*\d)?)[.,]?([^\d]*)$/u.exec(text.trim());
  if (!match) return undefined;
  const [, before = '', core = '', after = ''] = match;
  const sides = `${before} ${after}`;
  const isNegative = /[-−–]/u.test(sides) || (before.includes('(') && after.includes(')'));
  const sign = sides.replaceAll(/[-−–+()\s]/gu, '');
  const split = splitDigits(core.replaceAll(/['’\s]/gu, ' '));
  return split && { isNegative, sign, ...split };
}

/** What nearly all numbers are written as: digits, and perhaps one separator between them. */
function splitPlain(text: string): Digits | undefined {
  let separatorAt = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) continue;
    if ((code !== POINT && code !== COMMA) || separatorAt !== -1 || at === 0 || at === text.length - 1)
      return undefined;
    separatorAt = at;
  }
  if (text === '') return undefined;
  if (separatorAt === -1) return wholeOf(text);
  const separator = text.charCodeAt(separatorAt) === POINT ? '.' : ',';
  return splitAtOnly(text.slice(0, separatorAt), text.slice(separatorAt + 1), separator);
}

const [ZERO, NINE, POINT, COMMA] = [0x30, 0x39, 0x2e, 0x2c];

type Digits = Pick<Figure, 'whole' | 'fraction' | 'separator' | 'isAmbiguous' | 'shows'>;

function splitDigits(core: string): Digits | undefined {
  const separators = core.replaceAll(/\d/g, '');
  const groups = core.split(/[., ]/);
  if (separators === '') return wholeOf(core);
  const last = separators.at(-1) ?? '';
  const others = separators.slice(0, -1);
  const isOneKind = others === (others[0] ?? '').repeat(others.length);
  const fraction = groups.at(-1) ?? '';
  const front = groups.slice(0, -1);
  if (!isOneKind) return undefined;
  if (others === '' && (last === '.' || last === ',')) return splitAtOnly(front[0] ?? '', fraction, last);
  if (others === '' || others[0] === last) {
    // All of them separate thousands, so that the decimal sign is the other one.
    const shows = last === '.' ? ',' : last === ',' ? '.' : null;
    return isGrouped(groups, last)
      ? { whole: groups.join(''), fraction: '', separator: null, isAmbiguous: false, shows }
      : undefined;
  }
  if (last !== '.' && last !== ',') return undefined;
  return isGrouped(front, others[0])
    ? { whole: front.join(''), fraction, separator: last, isAmbiguous: false, shows: last }
    : undefined;
}

function wholeOf(digits: string): Digits {
  return { whole: digits, fraction: '', separator: null, isAmbiguous: false, shows: null };
}

const THOUSAND_DIGITS = 3;

function splitAtOnly(whole: string, fraction: string, separator: '.' | ','): Digits {
  const mayBeThousands = fraction.length === THOUSAND_DIGITS && /^[1-9]\d{0,2}$/.test(whole);
  return {
    whole: whole === '' ? '0' : whole,
    fraction,
    separator,
    isAmbiguous: mayBeThousands,
    shows: mayBeThousands ? null : separator,
  };
}

/** A number as digits and how many of them are decimals, or why it can't be read for certain. */
export type ReadFigure =
  | { readonly isNegative: boolean; readonly digits: bigint; readonly decimals: number }
  | { readonly fault: string };

/** Reads a figure with what is known of its file's decimal sign. */
export function readFigure(figure: Figure, decimal: DecimalSign | null): ReadFigure {
  const { isNegative, whole, fraction, separator, isAmbiguous } = figure;
  if (!isAmbiguous) return { isNegative, ...withoutZeros(whole, fraction) };
  if (decimal === null || decimal === 'mixed') {
    return {
      fault: `may have three decimals or a separator of thousands, and ${decimal === null ? 'no other number of the file shows which' : 'the numbers of its column show both'}: state decimal=. or decimal=,`,
    };
  }
  return decimal === separator
    ? { isNegative, ...withoutZeros(whole, fraction) }
    : { isNegative, digits: BigInt(whole + fraction), decimals: 0 };
}

function withoutZeros(whole: string, fraction: string) {
  const kept = fraction.endsWith('0') ? fraction.replace(/0+$/, '') : fraction;
  return { digits: BigInt(whole + kept), decimals: kept.length };
}

/** An amount in minor units of a currency, exactly or, where it has more decimals than that, as a fraction of them. */
export interface Amount {
  /** In minor units times `10 ** finer`; never negative. */
  readonly value: bigint;
  readonly finer: number;
  readonly isNegative: boolean;
}

/** Turns a figure into minor units of `currency`; `fault` where it is too large. */
export function toAmount(
  { isNegative, digits, decimals }: Exclude<ReadFigure, { fault: string }>,
  currency: string,
  isInMinorUnits = false,
): Amount | { readonly fault: string } {
  const places = isCurrency(currency) && !isInMinorUnits ? currencyDecimals(currency) : 0;
  const finer = Math.max(0, decimals - places);
  const value = decimals < places ? digits * (POWERS[places - decimals] ?? 1n) : digits;
  if ((finer === 0 ? value : value / 10n ** BigInt(finer)) > MAX_AMOUNT) return { fault: 'is too large' };
  return { value, finer, isNegative };
}

/** Of ten, as far as currencies have decimals. */
const POWERS = [1n, 10n, 100n, 1_000n, 10_000n] as const;

const MAX_AMOUNT = BigInt(MAX_AMOUNT_MINOR);

/** `amount` times `quantity` in minor units, half up. */
export function timesQuantity({ value, finer }: Amount, quantity: number): bigint {
  if (finer === 0) return quantity === 1 ? value : value * BigInt(quantity);
  const unit = 10n ** BigInt(finer);
  return (value * BigInt(quantity) * 2n + unit) / (unit * 2n);
}

/** Signs that only one currency has. */
const certainSigns: Readonly<Record<string, string>> = {
  '€': 'EUR',
  US$: 'USD',
  CA$: 'CAD',
  C$: 'CAD',
  AU$: 'AUD',
  A$: 'AUD',
  NZ$: 'NZD',
  HK$: 'HKD',
  S$: 'SGD',
  R$: 'BRL',
  MX$: 'MXN',
  NT$: 'TWD',
  '₹': 'INR',
  '₩': 'KRW',
  '₺': 'TRY',
  '₽': 'RUB',
  '₴': 'UAH',
  '₪': 'ILS',
  '₫': 'VND',
  '₱': 'PHP',
  '฿': 'THB',
  '₦': 'NGN',
  zł: 'PLN',
  Kč: 'CZK',
  Ft: 'HUF',
  Rp: 'IDR',
  RM: 'MYR',
  CHF: 'CHF',
};

/** Signs that several currencies have, and which these are. */
const sharedSigns: Readonly<Record<string, readonly string[]>> = {
  $: 'USD CAD AUD NZD HKD SGD MXN ARS CLP COP TWD BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD UYU'.split(
    ' ',
  ),
  '£': 'GBP EGP FKP GIP LBP SHP SDG SSP SYP'.split(' '),
  '¥': ['JPY', 'CNY'],
  kr: ['SEK', 'NOK', 'DKK', 'ISK'],
  Rs: ['INR', 'PKR', 'LKR', 'NPR', 'MUR', 'SCR'],
  Fr: ['CHF'],
};

/** The currency that a sign beside a number names, `null` where it could be several, `undefined` where it is no sign of a currency. */
export function currencyOfSign(sign: string, known: Readonly<Record<string, string>>): string | null | undefined {
  const plain = sign.replace(/\.$/, '');
  const stated =
    known[plain] ?? certainSigns[plain] ?? (isCurrency(plain.toUpperCase()) ? plain.toUpperCase() : undefined);
  if (stated !== undefined) return stated;
  return sharedSigns[plain] === undefined ? undefined : null;
}

/** Whether `currency` is written with `sign`. */
export function isSignOf(sign: string, currency: string, known: Readonly<Record<string, string>>): boolean {
  const stated = currencyOfSign(sign, known);
  return stated !== undefined && (stated === currency || sharedBy(sign, currency));
}

function sharedBy(sign: string, currency: string): boolean {
  return sharedSigns[sign.replace(/\.$/, '')]?.includes(currency) ?? false;
}
