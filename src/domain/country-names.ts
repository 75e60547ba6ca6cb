import { countries } from './country.ts';

/** Names that people write and that are not the English ones of the codes. */
const others: Readonly<Record<string, string>> = {
  'channel islands': 'GG',
  'czech republic': 'CZ',
  eire: 'IE',
  england: 'GB',
  'great britain': 'GB',
  holland: 'NL',
  'hong kong': 'HK',
  korea: 'KR',
  'northern ireland': 'GB',
  rsa: 'ZA',
  scotland: 'GB',
  'the netherlands': 'NL',
  turkey: 'TR',
  uk: 'GB',
  uae: 'AE',
  usa: 'US',
  'united states of america': 'US',
  wales: 'GB',
  'west indies': 'JM',
};

/** What stands in files for a country that nobody knows. */
const unstated = new Set(['', 'unspecified', 'european community', 'unknown', 'n/a', '-']);

/** The ISO 3166-1 alpha-2 code of a country's code or name, `null` where the text states none, `undefined` where nobody knows it. */
export function countryCode(text: string): string | null | undefined {
  const name = text.trim().toLowerCase();
  if (unstated.has(name)) return null;
  const code = name.toUpperCase();
  if (countries.includes(code)) return code;
  return others[name] ?? codesByName().get(name);
}

let known: Map<string, string> | undefined;

function codesByName(): Map<string, string> {
  if (known) return known;
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  known = new Map(countries.map((code) => [(names.of(code) ?? code).toLowerCase(), code]));
  return known;
}
