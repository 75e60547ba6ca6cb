import type {
  OrderAmountField,
  LineAmountField,
  LineRateField,
  QuantityField,
  PresetField,
} from '../../domain/preset-fields.ts';
import type { RefusalDetail } from '../../domain/refusal.ts';
import { damageOf, isShortened } from '../spreadsheet-damage.ts';
import { cleanCell } from './cell-text.ts';
import { textOf, type FileRow, type RowReader } from './file-row.ts';
import { columnsOf } from './map-preset.ts';
import { ofUnixTime, parseDate, toMoment } from './read-date.ts';
import { faultOfText } from './unreadable-text.ts';
import {
  currencyOfSign,
  isSignOf,
  parseFigure,
  readFigure,
  toAmount,
  type Amount,
  type Figure,
} from './read-figure.ts';

/** Reads the cells of one order, and notes what can't be read for certain with its row and its column. */
export interface CellReader {
  readonly rows: RowReader;
  readonly faults: RefusalDetail[];
  /** Notes what is wrong: with a field of a row, a row, or the whole order. */
  readonly fault: (message: string, row?: FileRow, field?: PresetField) => void;
  readonly text: (row: FileRow, field: PresetField) => string;
  /** Every figure of a field, before its currency is known. */
  readonly figures: (row: FileRow, field: PresetField) => Figure[];
  /** An amount in `currency`, `null` where none is stated, or where a fault was noted. */
  readonly amount: (row: FileRow, field: OrderAmountField | LineAmountField, currency: string) => Amount | null;
  /** A whole number, with its sign; `null` where none is stated, or where a fault was noted. */
  readonly quantity: (row: FileRow, field: QuantityField) => number | null;
  /** A percentage that is not negative; `null` where none is stated, or where a fault was noted. */
  readonly rate: (row: FileRow, field: LineRateField) => Rate | null;
  readonly moment: (row: FileRow, field: PresetField) => Date | null;
}

/** A percentage: `digits` times `10 ** -decimals`. */
export interface Rate {
  readonly digits: bigint;
  readonly decimals: number;
}

/** Makes the reader of one order. */
export function createCellReader(rows: RowReader): CellReader {
  const { reading } = rows;
  const faults: RefusalDetail[] = [];
  const fault = faultNoter(rows, faults);
  // Rows repeat the moments of their order, and many orders are paid when they are placed.
  const moments = new Map<string, ReturnType<typeof readMoment>>();
  const text: CellReader['text'] = (row, field) => {
    const found = textOf(row, field);
    const damage = found === '' ? undefined : (damageOf(field, found) ?? faultOfText(field, found));
    if (damage === undefined) return found;
    fault(damage, row, field);
    return '';
  };
  const moment: CellReader['moment'] = (row, field) => {
    const cell = text(row, field);
    if (cell === '' || NO_DATE.test(cell) || (reading.preset.dates?.unix && /^0+$/.test(cell))) return null;
    const found = moments.get(cell) ?? readMoment(cell, reading);
    moments.set(cell, found);
    if (found instanceof Date) return found;
    fault(`"${shorten(cell)}" ${found.fault}`, row, field);
    return null;
  };
  return { rows, faults, fault, text, figures, moment, ...numberReader(reading, fault) };
}

const figures: CellReader['figures'] = (row, field) =>
  writtenNumbers(row, field).flatMap(({ text }) => parseFigure(text) ?? []);

/** What databases hold where there is no date. */
const NO_DATE = /^(?:0000-00-00\b|null$|n\/a$)/i;

/** Days since 1900, as spreadsheets keep dates of the last decades. */
const SERIAL_DATE = /^[34]\d{4}(?:[.,]\d+)?$/;
const OF_SPREADSHEET = ', but how a spreadsheet keeps one: format its column as a date';

function readMoment(cell: string, { conventions, preset }: RowReader['reading']): Date | { readonly fault: string } {
  const { unix } = preset.dates ?? {};
  if (unix && UNIX_TIME.test(cell)) return ofUnixTime(unix === 'seconds' ? Number(cell) * 1_000 : Number(cell));
  const date = parseDate(cell);
  if (date) return toMoment(date, conventions);
  return { fault: SERIAL_DATE.test(cell) ? `is no date${OF_SPREADSHEET}` : 'is no date' };
}

/** Longer ones are beyond every calendar. */
const UNIX_TIME = /^\d{1,15}(?:\.\d{1,9})?$/;

/** A fault has the row, and the column where it is one cell's. */
function faultNoter({ reading, header }: RowReader, faults: RefusalDetail[]): CellReader['fault'] {
  return (message, row, field) => {
    const column = field && columnsOf((row ?? reading).sources[field])[0];
    faults.push({
      pointer: row === undefined ? '' : `/items/${row.index}${field === undefined ? '' : `/${field}`}`,
      ...(row !== undefined && { line: row.line }),
      ...(column !== undefined && { column: header[column] ?? '' }),
      message,
    });
  };
}

function numberReader(
  reading: RowReader['reading'],
  fault: CellReader['fault'],
): Pick<CellReader, 'amount' | 'quantity' | 'rate'> {
  const { conventions } = reading;
  const { signs = {}, minor_units: isInMinorUnits } = reading.preset.amounts ?? {};
  const read = (row: FileRow, field: PresetField, { text, column }: Written) => {
    const figure = parseFigure(text);
    const decimal = (column === undefined ? undefined : conventions.decimalOfColumn[column]) ?? conventions.decimal;
    const number = figure ? readFigure(figure, decimal) : { fault: isShortened(text) ? SHORTENED : 'is no number' };
    if (figure && !('fault' in number)) return { sign: figure.sign, number };
    fault(`"${shorten(text)}" ${'fault' in number ? number.fault : ''}`, row, field);
    return undefined;
  };
  const amount: CellReader['amount'] = (row, field, currency) => {
    let sum: Amount | null = null;
    for (const one of writtenNumbers(row, field)) {
      const found = read(row, field, one);
      if (!found) return null;
      const next: Amount | { readonly fault: string } =
        found.sign === '' || isSignOf(found.sign, currency, signs)
          ? toAmount(found.number, currency, isInMinorUnits)
          : { fault: faultOfSign(found.sign, currency, signs) };
      if ('fault' in next) {
        fault(`"${shorten(one.text)}" ${next.fault}`, row, field);
        return null;
      }
      sum = sum === null ? next : add(sum, next);
    }
    return sum;
  };
  const quantity: CellReader['quantity'] = (row, field) => {
    let sum: number | null = null;
    for (const one of writtenNumbers(row, field)) {
      const found = read(row, field, one);
      if (!found) return null;
      const { decimals, digits, isNegative } = found.number;
      if (decimals > 0 || digits > MAX_QUANTITY || found.sign !== '') {
        const reason = decimals > 0 ? 'is no whole number of pieces' : 'is no quantity';
        fault(`"${shorten(one.text)}" ${reason}`, row, field);
        return null;
      }
      sum = (sum ?? 0) + (isNegative ? -1 : 1) * Number(digits);
    }
    return sum;
  };
  const rate: CellReader['rate'] = (row, field) => {
    const [written] = writtenNumbers(row, field);
    const found = written && read(row, field, written);
    if (!found) return null;
    const { digits, decimals, isNegative } = found.number;
    const isRate = (found.sign === '' || found.sign === '%') && !(isNegative && digits > 0n);
    if (isRate) return { digits, decimals };
    fault(`"${shorten(written.text)}" is no percentage`, row, field);
    return null;
  };
  return { amount, quantity, rate };
}

function faultOfSign(sign: string, currency: string, signs: Readonly<Record<string, string>>): string {
  return currencyOfSign(sign, signs) === undefined
    ? `is no amount: nobody knows a currency "${sign.slice(0, 10)}"`
    : `is not in ${currency}, the currency of the order`;
}

const SHORTENED = 'is a number that a spreadsheet has shortened: format its column as a number with decimals';

/** More pieces of one product than any order has; a larger one is no quantity. */
const MAX_QUANTITY = 999_999_999n;

/** A cell that holds a number, and its column where it has one. */
interface Written {
  readonly text: string;
  readonly column: number | undefined;
}

/** Most files lack most columns. */
const NONE: readonly Written[] = [];

/** The filled cells of a number field: one, or all those of a sum. */
function writtenNumbers(row: FileRow, field: PresetField): readonly Written[] {
  const own = row.own[field];
  const source = row.sources[field];
  if (own === undefined && source === undefined) return NONE;
  if (own !== undefined || source === undefined || source.kind === 'value' || source.kind === 'joined') {
    const text = textOf(row, field);
    return isUnstated(text) ? [] : [{ text, column: undefined }];
  }
  const filled = source.columns
    .map((column) => ({ text: cleanCell(row.cells[column]), column }))
    .filter(({ text }) => !isUnstated(text));
  return source.kind === 'sum' ? filled : filled.slice(0, 1);
}

/** What systems write where there is no number. */
function isUnstated(text: string): boolean {
  return text === '' || text === '-' || text === '--' || /^(n\/?a|null|none)$/i.test(text);
}

function add(one: Amount, other: Amount): Amount {
  const finer = Math.max(one.finer, other.finer);
  const sum = signed(one, finer) + signed(other, finer);
  return { value: sum < 0n ? -sum : sum, finer, isNegative: sum < 0n };
}

function signed({ value, finer, isNegative }: Amount, places: number): bigint {
  return (isNegative ? -value : value) * 10n ** BigInt(places - finer);
}

/** Enough of a cell to recognise it by. */
function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
