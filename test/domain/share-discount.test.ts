import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareDiscount } from '../../src/domain/share-discount.ts';

const line = fc
  .record({
    unitPriceMinor: fc.integer({ min: 0, max: 10_000_000 }),
    quantity: fc.integer({ min: 1, max: 10_000 }),
    ownPart: fc.constantFrom(0, 0, 0.1, 1),
  })
  .map(({ ownPart, ...priced }) => ({
    ...priced,
    discountMinor: Math.floor(priced.unitPriceMinor * priced.quantity * ownPart),
  }));

test('the shares of a discount sum exactly to it, and none is less than its own discount or more than its line', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lines, part) => {
        const worths = lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity);
        const ownMinor = lines.reduce((sum, one) => sum + one.discountMinor, 0);
        const leftMinor = worths.reduce((sum, worth) => sum + worth, -ownMinor);
        const discountMinor = ownMinor + Math.floor(leftMinor * part);
        const shares = shareDiscount(lines, discountMinor);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(discountMinor);
        for (const [index, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(lines[index]!.discountMinor);
          expect(share).toBeLessThanOrEqual(worths[index]!);
        }
      },
    ),
  );
});

test('what rounding leaves is spread over the lines', () => {
  const lines = [1, 1, 1].map((quantity) => ({ unitPriceMinor: 100, quantity }));
  expect(shareDiscount(lines, 100)).toEqual([33, 34, 33]);
});

test('a discount of one line stays with it, and the rest is shared by what the lines still come to', () => {
  const lines = [
    { unitPriceMinor: 1_000, quantity: 2, discountMinor: 1_000 },
    { unitPriceMinor: 1_000, quantity: 1 },
  ];
  expect(shareDiscount(lines, 1_200)).toEqual([1_100, 100]);
});
