import { proportionOf } from './money.ts';
import { discountOfLine, type PricedLine } from './order-totals.ts';

/**
 * What each line bears of an order's discount: its own, and of what is left a share in proportion to what the line still comes to. Amounts
 * in minor units that are never more than their line and sum exactly to the discount. Each line gets the difference of two rounded sums, so
 * that what rounding leaves is spread.
 */
export function shareDiscount(lines: readonly PricedLine[], discountMinor: number): readonly number[] {
  if (discountMinor === 0) return lines.map(() => 0);
  const own = lines.map(discountOfLine);
  const worths = lines.map(({ unitPriceMinor, quantity }, index) => unitPriceMinor * quantity - (own[index] ?? 0));
  const worthInAllMinor = worths.reduce((sum, worth) => sum + worth, 0);
  const toShareMinor = own.reduce((left, one) => left - one, discountMinor);
  let worthMinor = 0;
  let sharedMinor = 0;
  return worths.map((worth, index) => {
    worthMinor += worth;
    const uptoHereMinor = worthInAllMinor === 0 ? 0 : proportionOf(toShareMinor, worthMinor, worthInAllMinor);
    const shareMinor = uptoHereMinor - sharedMinor;
    sharedMinor = uptoHereMinor;
    return (own[index] ?? 0) + shareMinor;
  });
}
