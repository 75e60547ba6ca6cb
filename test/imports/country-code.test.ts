import { expect, test } from 'vitest';
import { countryCode } from '../../src/imports/country-code.ts';
import { countries } from '../../src/domain/country.ts';

test.each([
  ['EIRE', 'IE'],
  ['RSA', 'ZA'],
  ['USA', 'US'],
  ['Channel Islands', 'GG'],
  ['United Kingdom', 'GB'],
  ['Czech Republic', 'CZ'],
  ['Saudi Arabia', 'SA'],
  [' germany ', 'DE'],
  ['fr', 'FR'],
  ['Brunei', 'BN'],
  ['Brunei Darussalam', 'BN'],
  ['Ivory Coast', 'CI'],
  ['The Netherlands', 'NL'],
  ['uk', 'GB'],
  ['Hong Kong', 'HK'],
  ['Deutschland', 'DE'],
  ['Österreich', 'AT'],
  ['Osterreich', 'AT'],
  ['Vereinigtes Königreich', 'GB'],
  ['ESPAÑA', 'ES'],
  ['États-Unis', 'US'],
  ['日本', 'JP'],
  ['FRA', 'FR'],
  ['U.S.A.', 'US'],
])('%s is %s', (text, code) => {
  expect(countryCode(text)).toBe(code);
});

test.each(['', 'Unspecified', 'European Community'])('"%s" states no country', (text) => {
  expect(countryCode(text)).toBeNull();
});

test.each(['Atlantis', 'Germny', 'XX', 'XK', 'Congo'])('%s names no country for certain', (text) => {
  expect(countryCode(text)).toBeUndefined();
});

test('every code is taken, and so is every name that Unicode has for one', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  expect(countries.filter((code) => countryCode(code.toLowerCase()) !== code)).toEqual([]);
  expect(countries.filter((code) => countryCode(names.of(code) ?? code) !== code)).toEqual([]);
});
