import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareDiscount } from '../../src/domain/share-discount.ts';

const line = fc.record({
  unitPriceMinor: fc.integer({ min: 0, max: 10_000_000 }),
  quantity: fc.integer({ min: 1, max: 10_000 }),
});

test('the shares of a discount sum exactly to it, and none is negative or more than its line', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lines, part) => {
        const worths = lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity);
        const discountMinor = Math.floor(worths.reduce((sum, worth) => sum + worth, 0) * part);
        const shares = shareDiscount(lines, discountMinor);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(discountMinor);
        for (const [index, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
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
