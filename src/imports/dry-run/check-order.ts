import { isCurrency } from '../../domain/currency.ts';
import type { FileOrder } from '../../domain/file-order.ts';
import type { TakingIn } from '../../domain/import-columns.ts';
import type { ImportFailure } from '../../domain/import.ts';
import { parseMoney } from '../../domain/money.ts';
import type { PlacingRules } from '../../domain/order-rules.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { takeInOrder } from '../../domain/take-in-order.ts';
import { decideOrder, type DecidedOrder } from '../../orders/decide-order.ts';
import type { OrderFacts } from '../../orders/find-order-facts.ts';
import type { OrderRequest } from '../../orders/order-request.ts';
import { comparePrices } from '../compare-prices.ts';
import { refusalOr, type ReadOrder } from './read-order.ts';
import type { TalliedOrder } from './tally.ts';

/** What an order comes to when it is imported, and in what that differs from what its file states. */
export interface CheckedOrder {
  readonly order: TalliedOrder;
  readonly difference: ImportFailure | null;
}

/** By what it is decided whether an order is taken in or placed. */
export interface CheckedBy {
  readonly rules: PlacingRules;
  readonly maySetPrices: boolean;
  readonly takingIn: TakingIn | undefined;
  readonly at: Date;
  /** What the catalogue and the customer service say of a request; `undefined` where they were not asked. */
  readonly factsOf: (request: OrderRequest, file: FileOrder | undefined) => OrderFacts | undefined;
}

/** Decides of an order as taking it in or placing it does, but for its stock; or says why it would be refused. */
export function checkOrder(read: ReadOrder, by: CheckedBy): CheckedOrder | Refusal {
  return refusalOr(() => {
    if (read.request !== null) return checkPlacing(read, by);
    takeInOrder(read.file, by.takingIn?.unpaid ?? 'wait', by.at);
    return { order: read.file, difference: null };
  });
}

function checkPlacing(
  { request, stated, file }: Extract<ReadOrder, { request: OrderRequest }>,
  { rules, maySetPrices, at, factsOf }: CheckedBy,
): CheckedOrder {
  const facts = factsOf(request, file);
  if (!facts) return { order: file ?? tallyRequest(request), difference: null };
  const decided = decideOrder(request, facts, rules, { maySetPrices, at, stated });
  if (stated && file) return { order: file, difference: null };
  return { order: tallyDecided(decided, file), difference: file ? comparePrices(decided, file) : null };
}

/** The discounts of lines are a part of the order's. */
function tallyDecided(order: DecidedOrder, file: FileOrder | undefined): TalliedOrder {
  const { currency, items, discountMinor, taxMinor, shippingMinor, feesMinor, totalMinor } = order;
  const lines = items.map(({ quantity, unitPriceMinor }) => ({ quantity, unitPriceMinor, discountMinor: 0 }));
  const amounts = { currency, lines, discountMinor, taxMinor, shippingMinor, feesMinor, totalMinor };
  return file ? { ...amounts, state: file.state, payment: file.payment } : amounts;
}

/** What a request says of its amounts: all else is decided when it is placed. */
function tallyRequest({ currency, items }: OrderRequest): TalliedOrder {
  return {
    currency,
    lines: items.map(({ quantity, unit_price: price }) => ({
      quantity,
      unitPriceMinor: price === undefined || !isCurrency(currency) ? null : parseMoney(price, currency),
      discountMinor: 0,
    })),
  };
}
