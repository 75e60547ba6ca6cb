import type { Rate } from './rate.ts';

/** Says at which rate goods are taxed that are shipped to a country. */
export interface TaxTable {
  readonly rateFor: (country: string) => Rate;
}

/** A table with one rate a country, by its ISO 3166-1 alpha-2 code; other countries are not taxed. */
export function taxTableOf(rates: Readonly<Record<string, Rate>>): TaxTable {
  return { rateFor: (country) => (Object.hasOwn(rates, country) ? (rates[country] ?? 0) : 0) };
}
