import { isCurrency } from '../../domain/currency.ts';
import type { FileOrder, FileOrderLine } from '../../domain/file-order.ts';
import type { ImportDefaults, ImportFormat } from '../../domain/import-columns.ts';
import type { CheckedLine } from '../../domain/import.ts';
import { lineAmountFields, orderAmountFields, type OrderTextField } from '../../domain/preset-fields.ts';
import { OWN_PRESET, type FileReading } from '../../domain/preset.ts';
import type { RefusalDetail } from '../../domain/refusal.ts';
import { faultOfWidth } from '../build-order-request.ts';
import { rowReaderOf, type FileRow } from './file-row.ts';
import { createOrderCells, type OrderCells } from './order-cells.ts';
import { readAmounts, readRefunds } from './read-amounts.ts';
import { readBillingAddress, readShippingAddress } from './read-address.ts';
import { createCellReader, type CellReader } from './read-cells.ts';
import { currencyOfSign } from './read-figure.ts';
import { readLines, type ReadLine } from './read-lines.ts';
import { readPayment } from './read-payment.ts';
import { isCancelledOrder, readState, withShippedPieces } from './read-state.ts';
import type { SummedOrder } from './sum-order.ts';

/** An order that was read for certain, or what is wrong with its lines: each fault has its row, and its column where it is one cell's. */
export type ReadFileOrder = { readonly order: FileOrder } | { readonly faults: readonly RefusalDetail[] };

/**
 * Reads the lines of one order of a file by the reading of its format. The result depends only on the lines and the format. Throws when the format
 * has no reading: it is of a file whose lines make requests straight.
 */
export function readFileOrder(reference: string, lines: readonly CheckedLine[], format: ImportFormat): ReadFileOrder {
  const { reading, header } = format;
  if (!reading) throw new Error('a format without a reading');
  const reader = rowReaderOf(reading, format);
  const cells = createCellReader(reader);
  for (const [index, line] of lines.entries()) noteFaultsOfLine(cells, line, index, header.length);
  if (cells.faults.length > 0) return { faults: cells.faults };
  const rows = lines.flatMap((line, index) => reader.read(line, index));
  for (const row of rows) if (row.fault !== undefined) cells.fault(row.fault, row);
  const order = createOrderCells(cells, rows);
  // One that a spreadsheet has shortened stands for many orders.
  order.text('order_reference');
  // Rows of two shops are two orders, whose sums would say nothing.
  order.text('source');
  if (cells.faults.length > 0) return { faults: cells.faults };
  const currency = readCurrency(cells, order, rows, format.defaults);
  if (currency === undefined) return { faults: cells.faults };
  const read = readOrder(reference, { cells, order, rows, currency, defaults: format.defaults });
  return cells.faults.length > 0 || !read ? { faults: cells.faults } : { order: read };
}

function noteFaultsOfLine(
  cells: CellReader,
  { line, cells: row, faults }: CheckedLine,
  index: number,
  width: number,
): void {
  for (const message of [...(faults ?? []), ...faultOfWidth(row, width)])
    cells.faults.push({ pointer: `/items/${index}`, line, message });
}

/**
 * The currency that a row states, else the one whose sign stands beside its amounts, else the one that the caller has stated. Where other orders of the
 * file state theirs, one that states none, as of a cancelled order, is theirs if they have only one, and never that of the settings.
 */
function readCurrency(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  defaults: ImportDefaults,
): string | undefined {
  const stated = order.text('currency')?.toUpperCase();
  const { sources, conventions } = cells.rows.reading;
  const assumed = sources.currency === undefined ? defaults.currency : conventions.currency;
  const currency = stated ?? currencyOfAmounts(cells, rows) ?? defaults.statedCurrency ?? assumed ?? undefined;
  if (currency !== undefined && isCurrency(currency)) return currency;
  cells.fault(
    currency === undefined
      ? 'nothing in the file says in which currency its amounts are: give currency with the import'
      : `"${currency.slice(0, 20)}" is not the ISO 4217 code of a currency`,
    rows[0],
    'currency',
  );
  return undefined;
}

function currencyOfAmounts(cells: CellReader, rows: readonly FileRow[]): string | undefined {
  const signs = cells.rows.reading.preset.amounts?.signs ?? {};
  for (const row of rows) {
    for (const field of [...orderAmountFields, ...lineAmountFields]) {
      for (const { sign } of cells.figures(row, field)) {
        const currency = sign === '' ? undefined : currencyOfSign(sign, signs);
        if (currency != null) return currency;
      }
    }
  }
  return undefined;
}

/** What an order is read from. */
interface Source {
  readonly cells: CellReader;
  readonly order: OrderCells;
  readonly rows: readonly FileRow[];
  readonly currency: string;
  readonly defaults: ImportDefaults;
}

function readOrder(reference: string, source: Source): FileOrder | undefined {
  const { cells, order, rows, currency } = source;
  const isCancelled = isCancelledOrder(cells, order, rows);
  const sold = rows.filter((row) => !row.isSummary && !row.isRefund);
  const refunds = rows.filter((row) => row.isRefund && !row.isSummary);
  const lines = withShippedPieces(cells, order, rows, readLines(cells, sold, currency, isCancelled));
  if (lines.length === 0 && !isCancelled && cells.faults.length === 0) {
    cells.fault(
      refunds.length > 0
        ? 'has refunds only: the order that they belong to is not in the file'
        : sold.length > 0
          ? 'all of its lines are cancelled, and the order is not'
          : 'has no line that names a product',
      rows[0],
    );
  }
  const summed = readAmounts(cells, order, rows, { currency, lines, isCancelled });
  if (!summed) return undefined;
  const state = isCancelled ? 'CANCELLED' : readState(cells, order, rows, lines);
  const returned = readRefunds(cells, lines, refunds, currency);
  const refundedByLines = lines.reduce((sum, { refundedMinor }) => sum + refundedMinor, returned.refundedMinor);
  const payment = readPayment(cells, order, rows, {
    currency,
    totalMinor: summed.totalMinor,
    isCancelled,
    refundedByLinesMinor: refundedByLines,
  });
  const { lines: prices, ...amounts } = summed;
  return {
    reference,
    currency,
    ...readTexts(source, state === 'OPEN' || state === 'PARTLY_SHIPPED'),
    lines: lines
      .map((line) => (isGivenUp(state, payment) && line.state === 'RETURNED' ? withoutPieces(line) : line))
      .map((line, index) => toFileLine(line, prices[index], state, returned.quantities.get(lines[index] ?? line) ?? 0)),
    ...amounts,
    state,
    payment,
    ...readMoments(order),
  };
}

/** Whether an order was cancelled, or refunded before anything left. */
function isGivenUp(state: FileOrder['state'], payment: FileOrder['payment']): boolean {
  return state === 'CANCELLED' || (state === 'OPEN' && payment.state === 'REFUNDED');
}

/** A line that was taken out of an order that was given up, of which nothing went or came back. */
function withoutPieces(line: ReadLine): ReadLine {
  return { ...line, shippedQuantity: 0, returnedQuantity: 0 };
}

function toFileLine(
  line: ReadLine,
  price: SummedOrder['lines'][number] | undefined,
  state: FileOrder['state'],
  returnedByRows: number,
): FileOrderLine {
  const hasLeft = state === 'SHIPPED' || state === 'DELIVERED' || state === 'RETURNED';
  const returned = Math.min(line.quantity, line.returnedQuantity + returnedByRows);
  return {
    sku: line.sku,
    productId: line.productId,
    name: line.name,
    variantId: line.variantId,
    quantity: line.quantity,
    shippedQuantity: hasLeft ? line.quantity : state === 'CANCELLED' ? 0 : line.shippedQuantity,
    returnedQuantity: state === 'RETURNED' && returned === 0 ? line.quantity : returned,
    unitPriceMinor: price?.unitPriceMinor ?? null,
    discountMinor: price?.discountMinor ?? 0,
  };
}

function readTexts({ cells, order, rows, defaults }: Source, isToBeSent: boolean) {
  const [row] = rows;
  const shippingAddress = readShippingAddress(cells, order, row, { defaults, isToBeSent });
  // In a file of our own, what is not stated of the customer is not known.
  const elsewhere = (field: OrderTextField) => (isOwn(cells.rows.reading) ? null : order.text(field));
  const [carrier, number] = [order.text('carrier'), order.text('tracking_number')];
  return {
    source: order.text('source') ?? defaults.source ?? sourceOf(cells.rows.reading),
    customer: {
      id: customerOf(order) ?? defaults.statedCustomerId ?? null,
      name: order.text('customer_name') ?? elsewhere('billing_name') ?? elsewhere('name'),
      email: order.text('customer_email') ?? elsewhere('recipient_email'),
      phone: order.text('customer_phone') ?? elsewhere('billing_phone') ?? elsewhere('recipient_phone'),
    },
    locale: order.text('locale'),
    shippingAddress,
    billingAddress: readBillingAddress(cells, order, row, shippingAddress.country),
    shippingMethod: order.text('shipping_method'),
    couponCode: order.text('coupon_code'),
    notes: order.text('notes'),
    tracking: carrier === null && number === null ? null : { carrier, number },
    cancellationReason: order.text('cancellation_reason'),
  };
}

/** Spreadsheets write the number 17850 as 17850.0 where some cells of the column are empty; shops write 0 for guests. */
function customerOf(order: OrderCells): string | null {
  const id = order.text('customer_id')?.replace(/^(0|[1-9]\d*)\.0$/, '$1');
  return id === undefined || id === '0' ? null : id;
}

/** Files of our own say themselves where an order came from. */
function sourceOf(reading: FileReading): string | null {
  return isOwn(reading) ? null : reading.preset.name;
}

function isOwn({ preset }: FileReading): boolean {
  return preset.name === OWN_PRESET;
}

function readMoments(order: OrderCells) {
  return {
    placedAt: order.moment('placed_at'),
    shippedAt: order.moment('shipped_at'),
    deliveredAt: order.moment('delivered_at'),
    cancelledAt: order.moment('cancelled_at'),
  };
}
