import { proportionOf } from './money.ts';
import type { PricedLine } from './order-totals.ts';

/**
 * What each line bears of an order's discount, in proportion to what it comes to: amounts in minor units that are never more than their
 * line and sum exactly to the discount. Each line gets the difference of two rounded sums, so that what rounding leaves is spread.
 */
export function shareDiscount(lines: readonly PricedLine[], discountMinor: number): readonly number[] {
  if (discountMinor === 0) return lines.map(() => 0);
  const worths = lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity);
  const subtotalMinor = worths.reduce((sum, worth) => sum + worth, 0);
  let worthMinor = 0;
  let sharedMinor = 0;
  return worths.map((worth) => {
    worthMinor += worth;
    const uptoHereMinor = subtotalMinor === 0 ? 0 : proportionOf(discountMinor, worthMinor, subtotalMinor);
    const shareMinor = uptoHereMinor - sharedMinor;
    sharedMinor = uptoHereMinor;
    return shareMinor;
  });
}
