import { currencyDecimals } from './currency.ts';

/** Amounts are integers of the currency's minor unit; beyond this a double is no longer exact. */
export const MAX_AMOUNT_MINOR = Number.MAX_SAFE_INTEGER;

/**
 * Reads a decimal string such as `12.50` into minor units.
 * Throws RangeError for anything else: a sign, an exponent, more decimals than the currency has, an amount beyond {@link MAX_AMOUNT_MINOR}.
 */
export function parseMoney(text: string, currency: string): number {
  const decimals = currencyDecimals(currency);
  const match = /^(0|[1-9]\d{0,15})(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a decimal amount such as ${formatMoney(1250, currency)}`);
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > decimals) {
    throw new RangeError(`"${text}" has ${fraction.length} decimals, ${currency} has ${decimals}`);
  }
  const minor = Number(whole + fraction.padEnd(decimals, '0'));
  if (minor > MAX_AMOUNT_MINOR) throw new RangeError(`"${text}" is too large`);
  return minor;
}

/** Writes minor units as a decimal string with exactly the currency's decimals: `1250` EUR is `12.50`, `1250` JPY is `1250`. */
export function formatMoney(minor: number | bigint, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = String(minor)
    .replace('-', '')
    .padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * A decimal amount of major units of whatever currency, as settings have it, in minor units of `currency`; what the currency
 * has no decimals for is rounded up, or half up: `9.90` is 10 JPY, `10.01` as a least amount is 11 JPY.
 */
export function minorUnits(major: string, currency: string, rounding: 'up' | 'half up'): number {
  const [whole = '0', fraction = ''] = major.split('.');
  const decimals = currencyDecimals(currency);
  const minor = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const rest = fraction.slice(decimals);
  const up = rounding === 'up' ? /[1-9]/.test(rest) : /^[5-9]/.test(rest);
  return up ? minor + 1 : minor;
}

/** `amountMinor × numerator ÷ denominator`, half up and exact whatever the size; no argument may be negative. */
export function proportionOf(amountMinor: number, numerator: number, denominator: number): number {
  const doubled = BigInt(denominator) * 2n;
  return Number((BigInt(amountMinor) * BigInt(numerator) * 2n + BigInt(denominator)) / doubled);
}
