import type { CheckedLine } from '../../domain/import.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import type { PresetField } from '../../domain/preset-fields.ts';
import type { FileReading } from '../../domain/preset.ts';
import { sourceText, unlessDashes } from './cell-text.ts';
import { packedColumns } from './map-preset.ts';
import { isLineThere, numberedLines } from './numbered-lines.ts';
import { rowTest, type RowTest } from './row-conditions.ts';
import type { OwnTexts } from './unpack-json.ts';
import { unpackLines } from './unpack-lines.ts';

/** A row of an order, or a line that was packed in one. */
export interface FileRow {
  readonly line: number;
  /** Which of the order's rows it is. */
  readonly index: number;
  readonly cells: readonly string[];
  /** What a packed line states itself; it is asked before the row's cells. */
  readonly own: OwnTexts;
  /** Where its fields stand: those of a numbered line have columns of their own. */
  readonly sources: FileReading['sources'];
  readonly isRefund: boolean;
  readonly isSummary: boolean;
  readonly isCancelled: boolean;
  /** Set where it packs lines that can't be read. */
  readonly fault?: string | undefined;
}

/** What a reading does with rows, made once for all orders of a file. */
export interface RowReader {
  readonly reading: FileReading;
  readonly header: readonly string[];
  readonly read: (line: CheckedLine, index: number) => FileRow[];
}

const readers = new WeakMap<FileReading, RowReader>();

/** The row reader of a file. */
export function rowReaderOf(reading: FileReading, { header }: Pick<ImportFormat, 'header'>): RowReader {
  const known = readers.get(reading);
  if (known) return known;
  const made = createRowReader(reading, header);
  readers.set(reading, made);
  return made;
}

function createRowReader(reading: FileReading, header: readonly string[]): RowReader {
  const { preset } = reading;
  const packed = packedColumns(preset, header);
  const numbered = numberedLines(preset, header);
  const isRefund = rowTest(preset.rows?.refunds, header);
  const isCancelled = rowTest(preset.rows?.cancelled, header);
  const isSummary = summaryTest(reading, header);
  const names = packed.map((column) => header[column] ?? '').join(', ');
  const read = ({ line, cells }: CheckedLine, index: number): FileRow[] => {
    const { sources } = reading;
    // In an order that was cancelled as a whole signs don't count.
    const isVoid = isCancelled(cells);
    const base = { line, index, cells, own: {}, sources, isRefund: !isVoid && isRefund(cells), isCancelled: isVoid };
    const there = numbered.filter((own) => isLineThere(own, (field) => sourceText(own[field], cells)));
    if (there.length > 0) {
      return there.map((own) => ({ ...base, sources: { ...sources, ...own }, isSummary: false }));
    }
    const lines = unpackLines(packed, reading, cells);
    if (lines === 'unreadable')
      return [{ ...base, isSummary: true, fault: `"${names}" is no JSON with a list of lines` }];
    if (lines) return lines.map((own) => ({ ...base, own, isSummary: false }));
    return [{ ...base, isSummary: isSummary(cells) }];
  };
  return { reading, header, read };
}

/** A row that names no product states what holds for the order. */
function summaryTest({ preset, sources }: FileReading, header: readonly string[]): RowTest {
  const isNamed = rowTest(preset.rows?.summary, header);
  return (cells) =>
    isNamed(cells) ||
    (['sku', 'product_id', 'product_name'] as const).every((field) => sourceText(sources[field], cells) === '');
}

/** The text of a field in a row; empty where it states none. Sums are not texts. */
export function textOf({ own, cells, sources }: FileRow, field: PresetField): string {
  const packed = own[field];
  const text = packed === undefined ? sourceText(sources[field], cells) : unlessDashes(packed);
  return text.startsWith("'") && quotesNumbers.has(field) ? text.replace(/^'+/, '') : text;
}

/** Whether two rows state a field in the same characters; rows of an order mostly do. */
export function isWrittenAlike(one: FileRow, other: FileRow, field: PresetField, { sources }: FileReading): boolean {
  const own = one.own[field];
  if (own !== undefined || other.own[field] !== undefined) return own === other.own[field];
  const source = sources[field];
  if (source === undefined || source.kind === 'value') return true;
  return source.columns.every((column) => one.cells[column] === other.cells[column]);
}

/** Names that look like numbers: systems write an apostrophe in front of them, so that spreadsheets keep them. */
const quotesNumbers: ReadonlySet<PresetField> = new Set([
  'order_reference',
  'postal_code',
  'billing_postal_code',
  'customer_phone',
  'recipient_phone',
  'billing_phone',
  'tracking_number',
  'sku',
]);
