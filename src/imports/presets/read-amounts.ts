import type { OrderAmountField } from '../../domain/preset-fields.ts';
import type { FileRow } from './file-row.ts';
import type { OrderCells } from './order-cells.ts';
import type { CellReader } from './read-cells.ts';
import { timesQuantity } from './read-figure.ts';
import type { ReadLine } from './read-lines.ts';
import { isKnownWord, meaningOf } from './read-word.ts';
import { sumOrder, type SummedOrder } from './sum-order.ts';

/** The amounts of an order that come to its total; `undefined`, with a fault, where they can't be read for certain. */
export function readAmounts(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  { currency, lines, isCancelled }: { currency: string; lines: readonly ReadLine[]; isCancelled: boolean },
): SummedOrder | undefined {
  const total = order.amount('total', currency);
  if (lines.length === 0) return nothingSold;
  const unpriced = lines.find(({ gross }) => gross === null);
  // Nobody owes anything for goods that were never sold.
  if (unpriced && isCancelled) {
    return { ...nothingSold, lines: lines.map(() => ({ unitPriceMinor: null, discountMinor: 0 })) };
  }
  if (unpriced && cells.faults.length === 0 && cells.rows.reading.prices === 'file') {
    cells.fault('the file states no price: prices=catalogue takes those of the catalogue', unpriced.row, 'unit_price');
  }
  const sumOf = (read: (line: ReadLine) => number) => lines.reduce((sum, line) => sum + read(line), 0);
  const amount = (field: Exclude<OrderAmountField, 'total' | 'refunded' | 'total_after_refunds' | 'due'>) => {
    const found = order.amount(field, currency);
    return isCancelled && found !== null ? Math.abs(found) : found;
  };
  const shippingDiscount = Math.abs(amount('shipping_discount') ?? 0);
  const taxOfOrder = amount('tax');
  const statedTax = taxOfOrder ?? sumOf(({ taxMinor }) => taxMinor);
  const basis = order.text('tax_basis') ?? '';
  // Where there is no tax it does not matter what a word says of it.
  const taxWord =
    statedTax === 0 && !isByRates(lines) && !isKnownWord(cells, 'tax_basis', basis)
      ? null
      : meaningOf(cells, 'tax_basis', basis, rows[0]);
  const isTaxElsewhere = taxWord === 'NOT_IN_TOTAL';
  const tax = isTaxElsewhere ? 0 : statedTax;
  if (tax < 0) cells.fault('is negative', rows[0], 'tax');
  const shippingMinor = (amount('shipping') ?? sumOf((line) => line.shippingMinor)) - shippingDiscount;
  const feesMinor = (amount('fees') ?? 0) + sumOf((line) => line.feesMinor);
  const [shippingWithTax, feesWithTax] = [amount('shipping_with_tax'), amount('fees_with_tax')];
  if (cells.faults.length > 0) return undefined;
  return sumOrder(cells, {
    currency,
    lines,
    discountMinor: Math.abs(amount('discount') ?? 0),
    taxMinor: tax,
    isTaxByRates: taxOfOrder === null && !isTaxElsewhere && isByRates(lines),
    shippingMinor,
    feesMinor,
    withTax:
      shippingWithTax === null && feesWithTax === null
        ? null
        : {
            shippingMinor: shippingWithTax === null ? shippingMinor : shippingWithTax - shippingDiscount,
            feesMinor: feesWithTax ?? feesMinor,
          },
    totalMinor: total !== null && rows.some((row) => row.isCancelled) ? Math.abs(total) : total,
    taxBasis: isTaxElsewhere ? null : taxWord,
  });
}

/** Whether only percentages say what the tax of the lines is. */
function isByRates(lines: readonly ReadLine[]): boolean {
  return (
    lines.every(({ taxMinor }) => taxMinor === 0) &&
    lines.some(({ taxRate }) => taxRate !== null && taxRate.digits > 0n)
  );
}

/** The amounts of a cancelled order that states no goods any more. */
const nothingSold: SummedOrder = {
  lines: [],
  discountMinor: 0,
  taxMinor: 0,
  isTaxIncluded: false,
  shippingMinor: 0,
  feesMinor: 0,
  totalMinor: 0,
};

/** What rows of refunds say: pieces of each line that came back, by what names the product, and the money that was paid back. */
export function readRefunds(
  cells: CellReader,
  lines: readonly ReadLine[],
  refunds: readonly FileRow[],
  currency: string,
): { readonly quantities: ReadonlyMap<ReadLine, number>; readonly refundedMinor: number } {
  const quantities = new Map<ReadLine, number>();
  let refundedMinor = 0;
  // Nothing was sold for certain, of which a fault tells.
  if (lines.length === 0) return { quantities, refundedMinor };
  for (const row of refunds) {
    const sku = cells.text(row, 'sku') || cells.text(row, 'product_id') || cells.text(row, 'product_name');
    const sold = lines.filter((line) => line.sku === sku);
    if (sold.length === 0) {
      cells.fault(`a refund of "${sku.slice(0, 40)}", which the order does not have`, row, 'sku');
      continue;
    }
    const pieces = Math.abs(cells.quantity(row, 'quantity') ?? 0);
    takeBack(cells, row, { sold, pieces, quantities });
    refundedMinor += refundOf(cells, row, { pieces, currency });
  }
  return { quantities, refundedMinor };
}

/** Counts pieces that came back for those lines of their product of which some are still out. */
function takeBack(
  cells: CellReader,
  row: FileRow,
  { sold, pieces, quantities }: { sold: readonly ReadLine[]; pieces: number; quantities: Map<ReadLine, number> },
): void {
  let left = pieces;
  for (const line of sold) {
    const known = quantities.get(line) ?? 0;
    const taken = Math.min(left, line.quantity - line.returnedQuantity - known);
    quantities.set(line, known + taken);
    left -= taken;
  }
  if (left > 0) cells.fault(`${pieces} came back, which are more than were sold`, row, 'quantity');
}

/** The amount that the row states, else its pieces at its price. */
function refundOf(cells: CellReader, row: FileRow, { pieces, currency }: { pieces: number; currency: string }): number {
  const stated = (['line_total', 'line_tax'] as const).flatMap((field) => cells.amount(row, field, currency) ?? []);
  if (stated.length > 0) return stated.reduce((sum, { value, finer }) => sum + Number(value / 10n ** BigInt(finer)), 0);
  const price = cells.amount(row, 'unit_price', currency);
  return price === null ? 0 : Number(timesQuantity(price, pieces));
}
