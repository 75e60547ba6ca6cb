import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import { countries, countryNames } from '../domain/country.ts';

/** Names that files have and no list of countries does. */
const colloquial: Readonly<Record<string, string>> = {
  'channel islands': 'GG',
  eire: 'IE',
  england: 'GB',
  'great britain': 'GB',
  holland: 'NL',
  'hong kong': 'HK',
  korea: 'KR',
  'northern ireland': 'GB',
  rsa: 'ZA',
  scotland: 'GB',
  wales: 'GB',
};

/** What files have where no country is stated. */
const unstated = new Set(['', 'unspecified', 'european community', 'unknown', 'n/a', '-', 'zz']);

const isoCodes: ReadonlySet<string> = new Set(countries);

/** Languages in whose words files name countries. */
const languages =
  'de fr es it nl pt pl sv da nb fi is cs sk sl hr sr hu ro bg el et lv lt tr ru uk ja ko zh ar he th vi id ms ca ga sq mk bs'.split(
    ' ',
  );

/** The ISO 3166-1 alpha-2 code of a country's code of two or three letters, or of its English or another language's name, `null` where the text states none, `undefined` where it names none for certain. */
export function countryCode(text: string): string | null | undefined {
  const name = text.trim().toLowerCase();
  if (unstated.has(name)) return null;
  const code = name.toUpperCase();
  if (isoCodes.has(code)) return code;
  return colloquial[name] ?? codesByName().get(name) ?? codesByForeignName().get(plain(name));
}

let foreign: ReadonlyMap<string, string> | undefined;

/** Codes of three letters, and the names of countries in other languages, without accents; a name that means two countries is left out. */
function codesByForeignName(): ReadonlyMap<string, string> {
  if (foreign) return foreign;
  const named = languages.flatMap((language) => {
    const names = new Intl.DisplayNames([language], { type: 'region' });
    return countries.map((code) => ({ name: plain((names.of(code) ?? code).toLowerCase()), code }));
  });
  const letters = codes.flatMap(([code = '', three = '']) =>
    isoCodes.has(code) ? [{ name: three.toLowerCase(), code }] : [],
  );
  // A name that English has for two countries is no better in another language that has it for one.
  const english = countries.flatMap((code) =>
    (countryNames.get(code) ?? []).map((name) => ({ name: plain(name.toLowerCase()), code })),
  );
  foreign = namesOfOne([...english, ...named, ...letters]);
  return foreign;
}

function namesOfOne(named: readonly { readonly name: string; readonly code: string }[]): ReadonlyMap<string, string> {
  const meanings = Map.groupBy(named, ({ name }) => name);
  return new Map(
    [...meanings].flatMap(([name, ones]) => {
      const [first] = ones;
      return first && ones.every(({ code }) => code === first.code) ? [[name, first.code] as const] : [];
    }),
  );
}

/** Without accents and dots, as many people write. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f.]/g, '')
    .trim();
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
