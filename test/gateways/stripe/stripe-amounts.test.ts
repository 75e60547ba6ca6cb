import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencies } from '../../../src/domain/currency.ts';
import { fromStripeAmount, toStripeAmount } from '../../../src/gateways/stripe/stripe-amount.ts';

test.each([
  [1_250, 'EUR', 1_250],
  [500, 'JPY', 500],
  [500, 'ISK', 50_000],
  [500, 'UGX', 50_000],
  [1_250, 'HUF', 1_250],
  [1_250, 'TWD', 1_250],
  [5_120, 'KWD', 5_120],
  [5_124, 'KWD', undefined],
  [1_200, 'MGA', 12],
  [1_250, 'MGA', undefined],
])('%s minor units of %s are %s at Stripe', (minor, currency, expected) => {
  expect(toStripeAmount(minor, currency)).toBe(expected);
});

test('what Stripe takes of an amount is read back as the same amount, in every currency', () => {
  const amounts = fc.integer({ min: 0, max: 100_000_000 });
  expect(() => {
    fc.assert(fc.property(amounts, fc.constantFrom(...currencies), isReadBack));
  }).not.toThrow();
});

function isReadBack(amountMinor: number, currency: string): boolean {
  const amount = toStripeAmount(amountMinor, currency);
  return amount === undefined || fromStripeAmount(amount, currency) === amountMinor;
}
