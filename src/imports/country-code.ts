import { countries, countryNames } from '../domain/country.ts';

/** Names that files have and no list of countries does. */
const colloquial: Readonly<Record<string, string>> = {
  'channel islands': 'GG',
  eire: 'IE',
  england: 'GB',
  holland: 'NL',
  'hong kong': 'HK',
  korea: 'KR',
  'northern ireland': 'GB',
  rsa: 'ZA',
  scotland: 'GB',
  wales: 'GB',
};

/** What files have where no country is stated. */
const unstated = new Set(['', 'unspecified', 'european community', 'unknown', 'n/a', '-']);

/** The ISO 3166-1 alpha-2 code of a country's code or English name, `null` where the text states none, `undefined` where it names none for certain. */
export function countryCode(text: string): string | null | undefined {
  const name = text.trim().toLowerCase();
  if (unstated.has(name)) return null;
  const code = name.toUpperCase();
  if (countries.includes(code)) return code;
  return colloquial[name] ?? codesByName().get(name);
}

let known: ReadonlyMap<string, string> | undefined;

/** By the names of ISO's list and those of Unicode's, such as `Brunei`; a name that two countries have, `Congo`, is left out. */
function codesByName(): ReadonlyMap<string, string> {
  if (known) return known;
  const unicode = new Intl.DisplayNames(['en'], { type: 'region' });
  const named = countries.flatMap((code) => {
    const names = [...(countryNames.get(code) ?? []), unicode.of(code) ?? code];
    return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => ({ name, code }));
  });
  const sharing = Map.groupBy(named, ({ name }) => name);
  known = new Map(named.flatMap(({ name, code }) => (sharing.get(name)?.length === 1 ? [[name, code]] : [])));
  return known;
}
