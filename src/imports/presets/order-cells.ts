import type { OrderAmountField, OrderTextField, OrderTimeField, PresetField } from '../../domain/preset-fields.ts';
import { isWrittenAlike, type FileRow } from './file-row.ts';
import type { CellReader } from './read-cells.ts';
import { timesQuantity } from './read-figure.ts';

/** What holds for a whole order, from whichever of its rows states it. */
export interface OrderCells {
  readonly text: (field: OrderTextField) => string | null;
  /** In minor units with its sign; `null` where no row states it. */
  readonly amount: (field: OrderAmountField, currency: string) => number | null;
  readonly moment: (field: OrderTimeField) => Date | null;
}

/** Texts that may differ from row to row, since they may be of the line: the first one counts. */
const mayDiffer: ReadonlySet<OrderTextField> = new Set([
  'notes',
  'coupon_code',
  'carrier',
  'tracking_number',
  'payment_reference',
  'shipping_method',
  'cancellation_reason',
]);

/** Reads what holds for the whole order; where some of its rows are a summary, it is what the summary says. */
export function createOrderCells(cells: CellReader, rows: readonly FileRow[]): OrderCells {
  const ordinary = rows.filter(({ isRefund }) => !isRefund);
  const stating = ordinary.length === 0 ? rows : ordinary;
  const summary = stating.filter(({ isSummary }) => isSummary);
  const firstSummary = summary.length < stating.length ? summary : [];

  const isAlike = (one: FileRow, other: FileRow, field: PresetField) =>
    one === other || isWrittenAlike(one, other, field, cells.rows.reading);

  const readText = (field: OrderTextField) => {
    const found = firstFilled(
      [firstSummary, stating],
      (row) => cells.text(row, field),
      (one) => one === '',
    );
    if (!found) return null;
    const other =
      rows.length === 1 || mayDiffer.has(field)
        ? undefined
        : found.rows.find((row) => !isAlike(row, found.row, field) && !isEither(cells.text(row, field), found.value));
    if (other) cells.fault(`differs from what line ${found.row.line} says of the same order`, other, field);
    return found.value;
  };
  const amount: OrderCells['amount'] = (field, currency) => {
    const read = (row: FileRow) => {
      const value = cells.amount(row, field, currency);
      return value && (value.isNegative ? -1 : 1) * Number(timesQuantity(value, 1));
    };
    const found = firstFilled([firstSummary, stating], read, (one) => one === null);
    if (!found) return null;
    const other =
      rows.length > 1 &&
      found.rows.find((row) => {
        if (isAlike(row, found.row, field)) return false;
        const value = read(row);
        return value !== null && value !== found.value;
      });
    if (other) cells.fault(`differs from what line ${found.row.line} says of the same order`, other, field);
    return found.value;
  };
  const moment: OrderCells['moment'] = (field) => {
    const times = stating.flatMap((row) => cells.moment(row, field)?.getTime() ?? []);
    if (times.length === 0) return null;
    const isFirst = field === 'placed_at' || field === 'paid_at';
    return new Date(isFirst ? Math.min(...times) : Math.max(...times));
  };
  // Some are asked for several times, and a fault is noted once.
  const texts = new Map<OrderTextField, string | null>();
  const text: OrderCells['text'] = (field) => {
    const known = texts.get(field);
    if (known !== undefined) return known;
    const read = readText(field);
    texts.set(field, read);
    return read;
  };
  return { text, amount, moment };
}

function isEither(text: string, value: string): boolean {
  return text === '' || text === value;
}

/** The first filled value of the first group of rows that has one, and the rows of that group. */
function firstFilled<T>(
  groups: readonly (readonly FileRow[])[],
  read: (row: FileRow) => T,
  isEmpty: (value: T) => boolean,
): { readonly value: T; readonly row: FileRow; readonly rows: readonly FileRow[] } | undefined {
  for (const rows of groups) {
    for (const row of rows) {
      const value = read(row);
      if (!isEmpty(value)) return { value, row, rows };
    }
  }
  return undefined;
}
