import { formatMoney, minorUnits } from './money.ts';
import { computeTotals, type TotalsInput } from './order-totals.ts';
import type { OrderRules } from './order-rules.ts';
import type { OrderAmounts } from './order.ts';
import { invalidRequest } from './refusal.ts';

/**
 * What an order comes to, placed or amended. Throws VALIDATION for a total that is less than an order must come to, or too large
 * to be exact; `pointer` is where the request has what is at fault.
 */
export function totalOrder(
  input: TotalsInput,
  { currency, minTotal }: Pick<OrderRules, 'minTotal'> & { readonly currency: string },
  pointer: string,
): OrderAmounts {
  const amounts = refuseTooLarge(() => computeTotals(input), pointer);
  requireLeastTotal(amounts, { currency, minTotal }, pointer);
  return amounts;
}

/** Throws VALIDATION for a total that is less than an order must come to; `pointer` is where the request has what is at fault. */
export function requireLeastTotal(
  { totalMinor }: Pick<OrderAmounts, 'totalMinor'>,
  { currency, minTotal }: Pick<OrderRules, 'minTotal'> & { readonly currency: string },
  pointer: string,
): void {
  const leastMinor = minorUnits(minTotal, currency, 'up');
  if (totalMinor >= leastMinor) return;
  const [total, least] = [formatMoney(totalMinor, currency), formatMoney(leastMinor, currency)];
  const message = `the items come to ${total} ${currency}; an order must come to at least ${least} ${currency}`;
  throw invalidRequest([{ pointer, message }]);
}

/** What `compute` makes of an order's amounts. Throws VALIDATION when one is too large to be exact. */
export function refuseTooLarge<T>(compute: () => T, pointer: string): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidRequest([{ pointer, message: 'the items come to too large a total' }]);
  }
}
