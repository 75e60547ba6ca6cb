import type { Address } from '../domain/order.ts';
import { currencyDecimals } from '../domain/currency.ts';

/** An amount such as `12.50` as people of the locale write it, with the decimals of ISO 4217. Throws RangeError when the currency is unknown. */
export function formatAmount(amount: string, currency: string, locale: string): string {
  const decimals = currencyDecimals(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // As a text: a number would round what is beyond 2^53.
  return format.format(amount as `${number}`);
}

/** A time in RFC 3339 as people of the locale write it, with its time zone. */
export function formatTime(time: string, locale: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
  return format.format(new Date(time));
}

/** The day of a time in RFC 3339, in this time zone. */
export function formatDate(time: string, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(new Date(time));
}

/** The lines of an address, with the country's name in the language of the locale. */
export function formatAddress(address: Address, locale: string): string[] {
  const { name, line1, line2, city, region, postal_code: postalCode, country } = address;
  const place = [postalCode, city].filter(Boolean).join(' ');
  const countryName = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }).of(country);
  return [name, line1, line2, place, region, countryName].flatMap((line) => line || []);
}
