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
export function formatMoney(minor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = Math.abs(minor)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
