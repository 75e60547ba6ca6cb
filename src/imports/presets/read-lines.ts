import type { FileOrderState } from '../../domain/file-order.ts';
import { MAX_AMOUNT_MINOR } from '../../domain/money.ts';
import type { FileRow } from './file-row.ts';
import type { CellReader, Rate } from './read-cells.ts';
import { timesQuantity, type Amount } from './read-figure.ts';
import { readWord } from './read-word.ts';

/** A line of an order as its row states it; amounts in minor units. */
export interface ReadLine {
  readonly row: FileRow;
  readonly sku: string;
  readonly productId: string | undefined;
  readonly name: string | undefined;
  readonly variantId: string | undefined;
  readonly quantity: number;
  readonly shippedQuantity: number;
  readonly returnedQuantity: number;
  readonly state: FileOrderState | null;
  /** Before its discount, by what its price is: of one piece, or of the line. Null where the file states no price. */
  readonly gross: Readonly<Record<'unit' | 'line', number>> | null;
  readonly discountMinor: number;
  readonly taxMinor: number;
  /** Of what the line comes to after its discount; null where the file states none. */
  readonly taxRate: Rate | null;
  readonly shippingMinor: number;
  readonly feesMinor: number;
  readonly refundedMinor: number;
}

/** Reads the lines of an order that were sold; a cancelled line, or one of no pieces in a cancelled order, is none. */
export function readLines(
  cells: CellReader,
  rows: readonly FileRow[],
  currency: string,
  isCancelled: boolean,
): ReadLine[] {
  return rows.flatMap((row) => {
    const state = readWord(cells, row, 'line_state');
    const stated = cells.quantity(row, 'quantity');
    if (stated === null && cells.text(row, 'quantity') === '' && !isCancelled) cells.fault('is empty', row, 'quantity');
    const isVoid = isCancelled || state === 'CANCELLED';
    if (isVoid && (stated === 0 || stated === null || state === 'CANCELLED')) return [];
    if (stated === null) return [];
    if (stated <= 0 && !row.isCancelled) {
      cells.fault(stated === 0 ? 'is 0' : NEGATIVE, row, 'quantity');
      return [];
    }
    const quantity = Math.abs(stated);
    if (!isCancelled && isCancelledWhole(cells, row, quantity)) return [];
    return [readLine(cells, row, { currency, state, quantity, isCancelled })];
  });
}

/** Whether all pieces of a line were cancelled. Of some of them nothing says what the others come to, which is a fault. */
function isCancelledWhole(cells: CellReader, row: FileRow, quantity: number): boolean {
  const cancelled = Math.abs(cells.quantity(row, 'cancelled_quantity') ?? 0);
  if (cancelled === 0 || cancelled === quantity) return cancelled > 0;
  cells.fault(
    cancelled > quantity
      ? `is ${cancelled} of ${quantity}`
      : `${cancelled} of ${quantity} pieces were cancelled, and the amounts may be of all of them: correct quantity and amounts to what was kept, and leave this empty`,
    row,
    'cancelled_quantity',
  );
  return false;
}

const NEGATIVE =
  'is negative: leave the row out if it is no sale, or name such rows with "rows.refunds" in a preset file if they are goods that came back';

interface Known {
  readonly currency: string;
  readonly state: FileOrderState | null;
  readonly quantity: number;
  readonly isCancelled: boolean;
}

function readLine(cells: CellReader, row: FileRow, { currency, state, quantity, isCancelled }: Known): ReadLine {
  const amount = (
    field: 'line_discount' | 'line_tax' | 'line_shipping' | 'line_shipping_discount' | 'line_fees' | 'line_refunded',
  ) => {
    const found = cells.amount(row, field, currency);
    return found === null ? 0 : (found.isNegative ? -1 : 1) * bounded(cells, row, timesQuantity(found, 1));
  };
  const discountMinor = Math.abs(amount('line_discount'));
  const faultsBefore = cells.faults.length;
  const sku = cells.text(row, 'sku');
  const productId = cells.text(row, 'product_id');
  const name = cells.text(row, 'product_name');
  const shipped =
    cells.quantity(row, 'shipped_quantity') ?? shippedByState(cells, row, { state, quantity, isCancelled });
  const returned = Math.abs(cells.quantity(row, 'returned_quantity') ?? 0) || (state === 'RETURNED' ? quantity : 0);
  if (shipped < 0 || shipped > quantity) cells.fault(`is ${shipped} of ${quantity}`, row, 'shipped_quantity');
  const isNamed = sku !== '' || productId !== '' || name !== '';
  if (!isNamed && cells.faults.length === faultsBefore) cells.fault('names no product', row, 'sku');
  if (returned > quantity) cells.fault(`is ${returned} of ${quantity}`, row, 'returned_quantity');
  return {
    row,
    sku: sku || productId || name,
    productId: productId || undefined,
    name: name || undefined,
    variantId: cells.text(row, 'variant_id') || undefined,
    quantity,
    shippedQuantity: shipped,
    returnedQuantity: returned,
    state,
    gross: readGross(cells, row, { currency, quantity, discountMinor }),
    discountMinor,
    taxMinor: row.isCancelled ? Math.abs(amount('line_tax')) : amount('line_tax'),
    taxRate: cells.rate(row, 'line_tax_rate'),
    shippingMinor: amount('line_shipping') - Math.abs(amount('line_shipping_discount')),
    feesMinor: amount('line_fees'),
    refundedMinor: Math.abs(amount('line_refunded')),
  };
}

/** How many pieces have left by the line's word or date. Of two pieces that were shipped in part it is one; of more it is unknown, which is a fault. */
function shippedByState(
  cells: CellReader,
  row: FileRow,
  { state, quantity, isCancelled }: Omit<Known, 'currency'>,
): number {
  const hasLeft = state === 'SHIPPED' || state === 'DELIVERED' || state === 'RETURNED';
  if (state === 'PARTLY_SHIPPED' && quantity === 2) return 1;
  if (state === 'PARTLY_SHIPPED' && !isCancelled) {
    cells.fault(
      `${quantity} pieces were shipped in part, and nothing says how many: name their column with column.shipped_quantity=…, or correct it to what is still to be sent`,
      row,
      'line_state',
    );
  }
  return hasLeft || cells.moment(row, 'line_shipped_at') !== null ? quantity : 0;
}

/** What the line comes to before its discount. Where both its price and its total are stated they have to agree. */
function readGross(
  cells: CellReader,
  row: FileRow,
  { currency, quantity, discountMinor }: { currency: string; quantity: number; discountMinor: number },
): ReadLine['gross'] {
  const price = positive(cells, row, 'unit_price', cells.amount(row, 'unit_price', currency));
  const total = positive(cells, row, 'line_total', cells.amount(row, 'line_total', currency));
  const ofTotal = total && bounded(cells, row, timesQuantity(total, 1)) + (isAfterDiscount(cells) ? discountMinor : 0);
  if (price === null) return ofTotal === null ? null : { unit: ofTotal, line: ofTotal };
  const unit = bounded(cells, row, timesQuantity(price, quantity));
  const line = bounded(cells, row, timesQuantity(price, 1));
  if (ofTotal === null) return { unit, line };
  const isUnit = cells.rows.reading.preset.amounts?.unit_price !== 'line';
  if (ofTotal !== (isUnit ? unit : line)) {
    const [one, other] = [cells.text(row, 'unit_price'), cells.text(row, 'line_total')];
    cells.fault(
      `${quantity} pieces of ${one} do not come to ${other}, which the file states for the line`,
      row,
      'line_total',
    );
  }
  return { unit: ofTotal, line: ofTotal };
}

function isAfterDiscount({ rows }: CellReader): boolean {
  return rows.reading.preset.amounts?.line_total === 'after-discount';
}

/** Prices are not negative, but where an order is told by its reversal. */
function positive(
  cells: CellReader,
  row: FileRow,
  field: 'unit_price' | 'line_total',
  amount: Amount | null,
): Amount | null {
  if (amount?.isNegative !== true || row.isCancelled || row.isRefund || amount.value === 0n) return amount;
  cells.fault('is negative', row, field);
  return null;
}

function bounded(cells: CellReader, row: FileRow, minor: bigint): number {
  if (minor <= BigInt(MAX_AMOUNT_MINOR)) return Number(minor);
  cells.fault('comes to more than can be kept', row);
  return 0;
}
