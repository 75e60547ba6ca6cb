import { expect, test } from 'vitest';
import { countryCode } from '../../src/domain/country-names.ts';
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
])('%s is %s', (text, code) => {
  expect(countryCode(text)).toBe(code);
});

test.each(['', 'Unspecified', 'European Community'])('"%s" states no country', (text) => {
  expect(countryCode(text)).toBeNull();
});

test.each(['Atlantis', 'Germny', 'XX'])('%s is no country', (text) => {
  expect(countryCode(text)).toBeUndefined();
});

test('every code is its own name', () => {
  expect(countries.filter((code) => countryCode(code.toLowerCase()) !== code)).toEqual([]);
});
