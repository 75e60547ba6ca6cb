import {
  lineAmountFields,
  lineQuantityFields,
  lineRateFields,
  lineTimeFields,
  orderAmountFields,
  orderQuantityFields,
  orderTimeFields,
  type PresetField,
} from '../../domain/preset-fields.ts';
import type { DateOrder, DecimalSign, FileConventions, FileReading } from '../../domain/preset.ts';
import { cleanCell } from './cell-text.ts';
import { columnsOf, packedColumns } from './map-preset.ts';
import { numberedLines } from './numbered-lines.ts';
import { parseDate } from './read-date.ts';
import { parseFigure } from './read-figure.ts';

/** Collects from the rows of a file how it writes numbers and dates. */
export interface Evidence {
  readonly note: (cells: readonly string[]) => void;
  readonly conclude: () => ShownConventions;
}

/** What a file shows itself. */
export type ShownConventions = Pick<FileConventions, 'decimal' | 'decimalOfColumn' | 'dates' | 'currency'>;

/** Fields that hold amounts, and whole numbers, whose thousands show the decimal sign as well. */
const numberFields = [
  ...orderAmountFields,
  ...orderQuantityFields,
  ...lineAmountFields,
  ...lineQuantityFields,
  ...lineRateFields,
];
const dateFields = [...orderTimeFields, ...lineTimeFields];

/** Looks at every number and every date of a file that is used; it keeps what they show and none of them. */
export function collectEvidence(
  { preset, sources }: Pick<FileReading, 'preset' | 'sources'>,
  header: readonly string[],
): Evidence {
  const everywhere = [sources, ...numberedLines(preset, header)];
  const columnsOfAll = (fields: readonly PresetField[]) =>
    new Set(fields.flatMap((field) => everywhere.flatMap((one) => columnsOf(one[field]))));
  const numberColumns = columnsOfAll(numberFields);
  const dateColumns = columnsOfAll(dateFields);
  const currencyColumns = columnsOf(sources.currency);
  const packed = packedColumns(preset, header);
  const between = preset.packed?.kind === 'aligned' ? preset.packed.between_lines : undefined;
  const decimals = new Map<number, DecimalSign>();
  let dates: DateOrder | 'mixed' | null = null;
  const currencies = new Set<string>();

  const noteNumber = (column: number, text: string) => {
    const shows = parseFigure(text)?.shows;
    if (shows == null) return;
    const known = decimals.get(column);
    decimals.set(column, known === undefined || known === shows ? shows : 'mixed');
  };
  const noteDate = (text: string) => {
    const shows = parseDate(text)?.shows;
    if (shows == null) return;
    dates = dates === null || dates === shows ? shows : 'mixed';
  };
  return {
    note: (cells) => {
      for (const column of numberColumns) {
        const cell = cells[column];
        // Digits alone show nothing, and are what most cells hold.
        if (cell === undefined || !/[.,]/.test(cell)) continue;
        for (const part of between === undefined ? [cell] : cell.split(between)) noteNumber(column, cleanCell(part));
      }
      for (const column of dateColumns) {
        const cell = cells[column];
        if (cell !== undefined && SHORT_PARTS.test(cell)) noteDate(cleanCell(cell));
      }
      for (const column of currencyColumns) {
        const cell = cleanCell(cells[column]).toUpperCase();
        if (cell !== '' && currencies.size < 2) currencies.add(cell);
      }
      for (const column of packed) {
        for (const [number] of (cells[column] ?? '').matchAll(PACKED_NUMBER)) noteNumber(column, number);
      }
    },
    conclude: () => {
      const shown = new Set(decimals.values());
      const [only] = shown;
      return {
        decimalOfColumn: Object.fromEntries(decimals),
        decimal: only === undefined ? null : shown.size === 1 ? only : 'mixed',
        dates,
        currency: onlyOf(currencies),
      };
    },
  };
}

function onlyOf(values: ReadonlySet<string>): string | null {
  const [only = null] = values;
  return values.size === 1 ? only : null;
}

/** Two numbers of a day and a month, and a year: a date that begins with its year, or names its month, shows nothing. */
const SHORT_PARTS = /(?<!\d)\d{1,2}([-/.])\d{1,2}\1\d{2}/;

/** A number in a cell with several values. */
const PACKED_NUMBER = /(?<![\w.,-])\d{1,12}(?:[.,]\d{1,6}){1,4}(?![\w.,-])/g;
