import type { FileOrder, FileOrderState, FilePaymentState } from '../../domain/file-order.ts';
import type { ImportFailure } from '../../domain/import.ts';
import { formatMoney } from '../../domain/money.ts';

/** A fault of a file: the row and the column that it is about, where it is about one. */
export interface FileFault {
  readonly line: number | null;
  readonly column: string | null;
  readonly reference: string;
  readonly message: string;
}

/** What an order comes to; null where only placing it tells. */
export type TalliedOrder = Pick<FileOrder, 'currency'> &
  Partial<
    Pick<FileOrder, 'state' | 'payment' | 'discountMinor' | 'taxMinor' | 'shippingMinor' | 'feesMinor' | 'totalMinor'>
  > & {
    readonly lines: readonly Pick<FileOrder['lines'][number], 'quantity' | 'unitPriceMinor' | 'discountMinor'>[];
  };

/** In what an order that would be placed differs from what its file states. */
export interface FileDifference {
  readonly reference: string;
  readonly message: string;
}

/** How many orders stand where, as their file says. */
export interface StateCount {
  readonly state: FileOrderState;
  readonly payment: FilePaymentState;
  readonly orders: number;
}

/** How many orders have a fault; what differs from one to the next is left out of its message. */
export interface ProblemCount {
  readonly message: string;
  readonly orders: number;
}

/** What the orders of one currency come to, as decimal numbers. */
export interface CurrencySum {
  readonly currency: string;
  readonly orders: number;
  /** Orders that have a line without a price, whose catalogue price counts; they are no part of the sums. */
  readonly unpriced: number;
  /** Prices by quantities, less the discounts of lines. */
  readonly goods: string;
  /** The following are null where only placing the orders tells. */
  readonly discount: string | null;
  readonly tax: string | null;
  readonly shipping: string | null;
  readonly fees: string | null;
  readonly total: string | null;
  readonly refunded: string | null;
}

/** What was found in a file. */
export interface Tally {
  readonly orders: number;
  readonly refused: number;
  readonly known: number;
  readonly states: readonly StateCount[];
  readonly problems: readonly ProblemCount[];
  readonly sums: readonly CurrencySum[];
  readonly faults: readonly FileFault[];
  /** Orders that would come to something else than their file states, and the first of them. */
  readonly differing: number;
  readonly differences: readonly FileDifference[];
}

/** Counts the orders of a file one by one, in memory that does not grow with them. */
export interface Tallier {
  readonly addOrder: (
    reference: string,
    checked: { readonly order: TalliedOrder; readonly difference: ImportFailure | null },
  ) => void;
  readonly addRefused: (faults: readonly FileFault[]) => void;
  readonly addKnown: (orders: number) => void;
  readonly conclude: () => Tally;
}

/** Faults, and differences, that are shown one by one. */
const SHOWN_FAULTS = 20;

/** Kinds of faults that are counted; a file with more has the same cause under many names. */
const MAX_PROBLEMS = 100;

/** Starts to count. */
export function startTally(): Tallier {
  const counts = { orders: 0, refused: 0, known: 0, differing: 0 };
  const states = new Map<string, { state: FileOrderState; payment: FilePaymentState; orders: number }>();
  const problems = new Map<string, number>();
  const sums = new Map<string, Sum>();
  let faults: FileFault[] = [];
  const differences: FileDifference[] = [];
  return {
    addOrder: (reference, { order, difference }) => {
      counts.orders += 1;
      if (difference) {
        counts.differing += 1;
        if (differences.length < SHOWN_FAULTS) differences.push({ reference, message: tellDetails(difference) });
      }
      const { state, payment } = order;
      if (state !== undefined && payment !== undefined) {
        const key = `${state} ${payment.state}`;
        const known = states.get(key) ?? { state, payment: payment.state, orders: 0 };
        states.set(key, { ...known, orders: known.orders + 1 });
      }
      const sum = sums.get(order.currency) ?? emptySum();
      sums.set(order.currency, sum);
      addTo(sum, order);
    },
    addRefused: (found) => {
      counts.orders += 1;
      counts.refused += 1;
      for (const message of new Set(found.map((fault) => kindOf(fault)))) {
        const known = problems.get(message);
        if (known !== undefined || problems.size < MAX_PROBLEMS) problems.set(message, (known ?? 0) + 1);
      }
      const last = faults.at(SHOWN_FAULTS - 1)?.line;
      if (last != null && found.every(({ line }) => line === null || line > last)) return;
      faults = [...faults, ...found].toSorted(byLine).slice(0, SHOWN_FAULTS);
    },
    addKnown: (orders) => {
      counts.known += orders;
    },
    conclude: () => ({
      ...counts,
      states: [...states.values()].toSorted((a, b) => b.orders - a.orders),
      problems: [...problems].map(([message, orders]) => ({ message, orders })).toSorted((a, b) => b.orders - a.orders),
      sums: [...sums].map(([currency, sum]) => toCurrencySum(currency, sum)).toSorted((a, b) => b.orders - a.orders),
      faults,
      differences,
    }),
  };
}

function tellDetails({ message, details }: ImportFailure): string {
  const told = details.map(
    ({ field, ours, file }) => `${String(field)} is ${String(ours)}, in the file ${String(file)}`,
  );
  return told.length === 0 ? message : told.join('; ');
}

function byLine(one: FileFault, other: FileFault): number {
  return (one.line ?? 0) - (other.line ?? 0);
}

const DIFFERS = /["\d]/;

/** The fault without what differs from order to order: texts of cells, and numbers. */
function kindOf({ column, message }: FileFault): string {
  const kind = DIFFERS.test(message) ? message.replaceAll(/"[^"]*"/g, '"…"').replaceAll(/\d[\d.,]*/g, '…') : message;
  return column === null ? kind : `${column}: ${kind}`;
}

/** Exact, whatever the size: many orders may come to more than one order can. */
interface Sum {
  orders: number;
  unpriced: number;
  goods: bigint;
  /** Null once an order has come that does not tell. */
  stated: Record<(typeof statedFields)[number], bigint> | null;
}

const statedFields = ['discount', 'tax', 'shipping', 'fees', 'total', 'refunded'] as const;

function emptySum(): Sum {
  const none = Object.fromEntries(statedFields.map((field) => [field, 0n])) as NonNullable<Sum['stated']>;
  return { orders: 0, unpriced: 0, goods: 0n, stated: none };
}

function addTo(sum: Sum, order: TalliedOrder): void {
  sum.orders += 1;
  if (order.lines.some(({ unitPriceMinor }) => unitPriceMinor === null)) {
    sum.unpriced += 1;
    return;
  }
  for (const { quantity, unitPriceMinor, discountMinor } of order.lines) {
    sum.goods += BigInt(quantity) * BigInt(unitPriceMinor ?? 0) - BigInt(discountMinor);
  }
  const { discountMinor, taxMinor, shippingMinor, feesMinor, totalMinor, payment } = order;
  if (totalMinor === undefined || !sum.stated) {
    sum.stated = null;
    return;
  }
  sum.stated.discount += BigInt(discountMinor ?? 0);
  sum.stated.tax += BigInt(taxMinor ?? 0);
  sum.stated.shipping += BigInt(shippingMinor ?? 0);
  sum.stated.fees += BigInt(feesMinor ?? 0);
  sum.stated.total += BigInt(totalMinor);
  sum.stated.refunded += BigInt(payment?.refundedMinor ?? 0);
}

function toCurrencySum(currency: string, { orders, unpriced, goods, stated }: Sum): CurrencySum {
  const write = (field: (typeof statedFields)[number]) => stated && formatMoney(stated[field], currency);
  return {
    currency,
    orders,
    unpriced,
    goods: formatMoney(goods, currency),
    discount: write('discount'),
    tax: write('tax'),
    shipping: write('shipping'),
    fees: write('fees'),
    total: write('total'),
    refunded: write('refunded'),
  };
}
