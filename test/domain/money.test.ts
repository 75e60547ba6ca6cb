import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencies, currencyDecimals, isCurrency } from '../../src/domain/currency.ts';
import { formatMoney, MAX_AMOUNT_MINOR, parseMoney } from '../../src/domain/money.ts';

const anyCurrency = fc.constantFrom(...currencies);
const anyAmount = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.integer({ min: MAX_AMOUNT_MINOR - 5, max: MAX_AMOUNT_MINOR }));

describe('an amount in any currency', () => {
  test('is the same after it was written and read again', () => {
    fc.assert(
      fc.property(anyCurrency, anyAmount, (currency, minor) => {
        expect(parseMoney(formatMoney(minor, currency), currency)).toBe(minor);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(currencies)('is written with exactly the decimals of %s, the largest and the smallest too', (currency) => {
    const decimals = currencyDecimals(currency);
    for (const minor of [0, 1, 9, 10 ** decimals, MAX_AMOUNT_MINOR]) {
      const text = formatMoney(minor, currency);
      expect(text).toMatch(decimals === 0 ? /^\d+$/ : new RegExp(`^\\d+\\.\\d{${decimals}}$`));
      expect(parseMoney(text, currency)).toBe(minor);
    }
  });

  test('may be given with fewer decimals than its currency has', () => {
    fc.assert(
      fc.property(anyCurrency, fc.nat({ max: 1_000_000 }), (currency, whole) => {
        expect(parseMoney(String(whole), currency)).toBe(whole * 10 ** currencyDecimals(currency));
      }),
    );
  });

  test('is never given with more decimals than its currency has, not even zeros', () => {
    fc.assert(
      fc.property(anyCurrency, fc.nat({ max: 1_000_000 }), fc.integer({ min: 1, max: 30 }), (currency, whole, more) => {
        const text = `${whole}.${'0'.repeat(currencyDecimals(currency) + more)}`;
        expect(() => parseMoney(text, currency)).toThrow(RangeError);
      }),
    );
  });

  test('beyond what an integer holds exactly is refused and never rounded', () => {
    fc.assert(
      fc.property(
        anyCurrency,
        fc.bigInt({ min: BigInt(MAX_AMOUNT_MINOR) + 1n, max: 10n ** 40n }),
        (currency, minor) => {
          const decimals = currencyDecimals(currency);
          const digits = minor.toString();
          const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
          expect(() => parseMoney(text, currency)).toThrow(RangeError);
        },
      ),
    );
  });

  test('is read from nothing but digits and one point: any other text is refused with a RangeError', () => {
    fc.assert(
      fc.property(
        anyCurrency,
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.float().map(String)),
        (currency, text) => {
          const outcome = outcomeOf(() => parseMoney(text, currency));
          const isAmount = /^(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) && Number.isSafeInteger(outcome);
          expect(isAmount || outcome instanceof RangeError).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  '-1.00',
  '+1.00',
  '1e3',
  '1E3',
  '0x10',
  '1,00',
  '1.',
  '.50',
  '01.00',
  '00',
  '',
  ' 1.00',
  '1.00\n',
  '1 000',
  '１',
  'NaN',
  'Infinity',
])('the text %j is no amount', (text) => {
  expect(() => parseMoney(text, 'EUR')).toThrow(RangeError);
});

test.each([
  // Three that common tables have wrong.
  ['HUF', 2],
  ['IDR', 2],
  ['MGA', 2],
  ['EUR', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['KWD', 3],
  ['BHD', 3],
  ['IQD', 3],
  // Units of account, which are in the list and can be written.
  ['CLF', 4],
  ['UYW', 4],
  ['UYI', 0],
  ['CHE', 2],
])('%s has %i decimals', (currency, decimals) => {
  expect(currencyDecimals(currency)).toBe(decimals);
});

test('every currency that the runtime lists is one, but for those withdrawn and those without a minor unit', () => {
  const left = Intl.supportedValuesOf('currency').filter((code) => !isCurrency(code));
  const withdrawn = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL'];
  const withoutMinorUnit = ['XDR', 'XSU'];
  expect(left.filter((code) => ![...withdrawn, ...withoutMinorUnit].includes(code))).toEqual([]);
});

test('1250 minor units are 12.50 EUR, 1250 JPY and 1.250 KWD', () => {
  expect([formatMoney(1_250, 'EUR'), formatMoney(1_250, 'JPY'), formatMoney(1_250, 'KWD')]).toEqual([
    '12.50',
    '1250',
    '1.250',
  ]);
  expect(formatMoney(-5, 'EUR')).toBe('-0.05');
});

test.each([
  '',
  'eur',
  'EURO',
  'XXX',
  'XTS',
  'XAU',
  'XAG',
  'XDR',
  'XSU',
  'XUA',
  'XBA',
  'BGN',
  'HRK',
  'ANG',
  'BTC',
  'toString',
  '__proto__',
])('%j is no currency', (code) => {
  expect(isCurrency(code)).toBe(false);
  expect(() => parseMoney('1', code)).toThrow(RangeError);
  expect(() => formatMoney(1, code)).toThrow(RangeError);
});

function outcomeOf(run: () => number): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
