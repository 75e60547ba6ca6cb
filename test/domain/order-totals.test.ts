import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CouponTerms } from '../../src/domain/coupon.ts';
import { MAX_AMOUNT_MINOR, minorUnits, proportionOf } from '../../src/domain/money.ts';
import { computeTotals, subtotalOf } from '../../src/domain/order-totals.ts';
import { parseRate, WHOLE } from '../../src/domain/rate.ts';

const anyLineFields = {
  unitPriceMinor: fc.nat({ max: 1_000_000_00 }),
  quantity: fc.integer({ min: 1, max: 10_000 }),
};
const anyLine = fc.record(anyLineFields);
const anyRate = fc.integer({ min: 0, max: WHOLE });
const anyMinimum = fc.oneof(fc.constant(0), fc.nat({ max: 1_000_000_000 }));
const anyCoupon: fc.Arbitrary<CouponTerms> = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), rate: anyRate, minSubtotalMinor: anyMinimum }),
  fc.record({ kind: fc.constant('fixed' as const), amountMinor: fc.nat(), minSubtotalMinor: anyMinimum }),
);
const anyInput = fc.record({
  lines: fc.array(anyLine, { minLength: 1, maxLength: 50 }),
  coupon: fc.option(anyCoupon),
  taxRate: anyRate,
  shippingMinor: fc.nat({ max: 1_000_000 }),
});

/** An order of a file: lines with a discount of their own, fees, and prices that may hold the tax. */
const anyStatedInput = fc.record({
  lines: fc.array(fc.record({ ...anyLineFields, discountMinor: fc.nat({ max: 1_000_000_00 }) }), { minLength: 1 }),
  coupon: fc.option(anyCoupon),
  taxRate: anyRate,
  shippingMinor: fc.nat({ max: 1_000_000 }),
  feesMinor: fc.nat({ max: 1_000_000 }),
  isTaxIncluded: fc.boolean(),
});

const line = (unitPriceMinor: number, quantity = 1) => ({ unitPriceMinor, quantity });
const percent = (rate: number, minSubtotalMinor = 0): CouponTerms => ({ kind: 'percent', rate, minSubtotalMinor });
const fixed = (amountMinor: number, minSubtotalMinor = 0): CouponTerms => ({
  kind: 'fixed',
  amountMinor,
  minSubtotalMinor,
});
const plain = { coupon: null, taxRate: 0, shippingMinor: 0 };

describe('the amounts of any order', () => {
  test('are integers that are not negative, add up, and have no discount beyond the subtotal', () => {
    fc.assert(
      fc.property(fc.oneof(anyInput, anyStatedInput), (input) => {
        const totals = computeTotals(input);
        const { isTaxIncluded, ...inMinor } = totals;
        for (const amount of Object.values(inMinor)) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
        const { subtotalMinor, discountMinor, taxMinor, shippingMinor, feesMinor, totalMinor } = totals;
        const goodsMinor = subtotalMinor - discountMinor + (isTaxIncluded ? 0 : taxMinor);
        expect(totalMinor).toBe(goodsMinor + shippingMinor + feesMinor);
        expect(discountMinor).toBeLessThanOrEqual(subtotalMinor);
      }),
    );
  });

  test('are within half a minor unit of the exact percentages, and half a unit is rounded up', () => {
    fc.assert(
      fc.property(anyInput, anyRate, (input, rate) => {
        const coupon = percent(rate);
        const { subtotalMinor, discountMinor, taxMinor } = computeTotals({ ...input, coupon });
        expect(isHalfUp(discountMinor, subtotalMinor, rate)).toBe(true);
        expect(isHalfUp(taxMinor, subtotalMinor - discountMinor, input.taxRate)).toBe(true);
      }),
    );
  });

  test('do not depend on how its goods are split over lines, nor on their order', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const split = input.lines.flatMap(({ unitPriceMinor, quantity }) =>
          quantity === 1 ? [line(unitPriceMinor)] : [line(unitPriceMinor), line(unitPriceMinor, quantity - 1)],
        );
        expect(computeTotals({ ...input, lines: split.toReversed() })).toEqual(computeTotals(input));
      }),
    );
  });

  test('have the full discount from the minimum subtotal on, and none one minor unit below', () => {
    fc.assert(
      fc.property(anyInput, fc.integer({ min: 1, max: WHOLE }), (input, rate) => {
        const subtotal = subtotalOf(input.lines);
        const totals = computeTotals({ ...input, coupon: percent(rate, subtotal) });
        expect(totals.discountMinor).toBe(proportionOf(subtotal, rate, WHOLE));
        expect(computeTotals({ ...input, coupon: percent(rate, subtotal + 1) }).discountMinor).toBe(0);
      }),
    );
  });

  test('without coupon, tax and shipping are the subtotal alone', () => {
    fc.assert(
      fc.property(anyInput, ({ lines }) => {
        const totals = computeTotals({ ...plain, lines });
        expect(totals).toMatchObject({ discountMinor: 0, taxMinor: 0, totalMinor: totals.subtotalMinor });
      }),
    );
  });
});

test.each([
  ['10 % of 25.05 is 2.505, rounded up to 2.51', [line(2_505)], percent(10_000), 0, { discountMinor: 251 }],
  ['10 % of 25.04 is 2.504, rounded down to 2.50', [line(2_504)], percent(10_000), 0, { discountMinor: 250 }],
  [
    'one rounding an order: three times 0.05 less 10 % is 0.02, not 0.03',
    [line(5, 3)],
    percent(10_000),
    0,
    { discountMinor: 2 },
  ],
  [
    'tax is on what is left after the discount',
    [line(10_000)],
    fixed(2_500),
    20_000,
    { taxMinor: 1_500, totalMinor: 9_000 },
  ],
  ['a tax of 8.875 %', [line(10_000)], null, 8_875, { taxMinor: 888 }],
  [
    'a whole discount leaves no tax',
    [line(1_000)],
    percent(WHOLE),
    20_000,
    { discountMinor: 1_000, taxMinor: 0, totalMinor: 0 },
  ],
  [
    'an amount beyond the subtotal takes off the subtotal',
    [line(1_000)],
    fixed(9_999),
    0,
    { discountMinor: 1_000, totalMinor: 0 },
  ],
])('%s', (_, lines, coupon, taxRate, expected) => {
  expect(computeTotals({ lines, coupon, taxRate, shippingMinor: 0 })).toMatchObject(expected);
});

test('shipping is not taxed', () => {
  expect(computeTotals({ lines: [line(10_000)], coupon: null, taxRate: 20_000, shippingMinor: 990 })).toEqual({
    subtotalMinor: 10_000,
    discountMinor: 0,
    taxMinor: 2_000,
    isTaxIncluded: false,
    shippingMinor: 990,
    feesMinor: 0,
    totalMinor: 12_990,
  });
});

test('tax that prices hold is a part of them, and fees are added', () => {
  const lines = [{ ...line(6_500), discountMinor: 500 }];
  const terms = { coupon: null, taxRate: 20_000, isTaxIncluded: true, shippingMinor: 450, feesMinor: 100 };
  expect(computeTotals({ lines, ...terms })).toMatchObject({
    subtotalMinor: 6_500,
    discountMinor: 500,
    taxMinor: 1_000,
    totalMinor: 6_550,
  });
});

test('amounts beyond what can be told exactly are refused, whichever it is that goes beyond', () => {
  const most = [line(MAX_AMOUNT_MINOR)];
  expect(computeTotals({ ...plain, lines: most }).totalMinor).toBe(MAX_AMOUNT_MINOR);
  expect(() => computeTotals({ ...plain, lines: [...most, line(1)] })).toThrow(RangeError);
  expect(() => computeTotals({ ...plain, lines: [line(MAX_AMOUNT_MINOR, 10_000)] })).toThrow(RangeError);
  expect(() => computeTotals({ ...plain, lines: most, shippingMinor: 1 })).toThrow(RangeError);
  expect(() => computeTotals({ ...plain, lines: most, taxRate: 1 })).toThrow(RangeError);
  // Exact where a double would not be: 99.999 % of the largest amount.
  const { discountMinor } = computeTotals({ ...plain, lines: most, coupon: percent(99_999) });
  expect(isHalfUp(discountMinor, MAX_AMOUNT_MINOR, 99_999)).toBe(true);
});

test.each([
  ['20', 20_000],
  ['5.5', 5_500],
  ['8.875', 8_875],
  ['0', 0],
  ['0.001', 1],
  ['100', 100_000],
  ['100.000', 100_000],
  ['100.001', undefined],
  ['101', undefined],
  ['1.2345', undefined],
  ['-1', undefined],
  ['020', undefined],
  ['20%', undefined],
  ['', undefined],
])('the percentage "%s" is %s thousandths', (text, rate) => {
  expect(parseRate(text)).toBe(rate);
});

test.each([
  ['9.90', 'EUR', 990, 990],
  ['9.90', 'JPY', 10, 10],
  ['9.49', 'JPY', 9, 10],
  ['9.50', 'JPY', 10, 10],
  ['9.905', 'EUR', 991, 991],
  ['9.904', 'EUR', 990, 991],
  ['9.90', 'KWD', 9_900, 9_900],
  ['9.90', 'CLF', 99_000, 99_000],
  ['0', 'EUR', 0, 0],
  ['10', 'EUR', 1_000, 1_000],
])('%s in %s is %i rounded half up and %i rounded up', (text, currency, halfUp, up) => {
  expect(minorUnits(text, currency, 'half up')).toBe(halfUp);
  expect(minorUnits(text, currency, 'up')).toBe(up);
});

/** Whether it is less than half a unit below the exact value and at most half above it; in integers, so that nothing is rounded here. */
function isHalfUp(rounded: number, base: number, rate: number): boolean {
  const overshoot = 2n * (BigInt(rounded) * BigInt(WHOLE) - BigInt(base) * BigInt(rate));
  return overshoot > -BigInt(WHOLE) && overshoot <= BigInt(WHOLE);
}
