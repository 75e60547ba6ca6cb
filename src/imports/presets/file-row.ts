import type { CheckedLine } from '../../domain/import.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import type { PresetField } from '../../domain/preset-fields.ts';
import type { ColumnSource, FileReading, Preset } from '../../domain/preset.ts';
import { unescapeFormula } from '../escape-formula.ts';
import { packedColumns } from './map-preset.ts';
import { isLineThere, numberedLines } from './numbered-lines.ts';
import { rowTest, type RowTest } from './row-conditions.ts';
import { unpackJson } from './unpack-json.ts';

/** A row of an order, or a line that was packed in one. */
export interface FileRow {
  readonly line: number;
  /** Which of the order's rows it is. */
  readonly index: number;
  readonly cells: readonly string[];
  /** What a packed line states itself; it is asked before the row's cells. */
  readonly own: Readonly<Partial<Record<PresetField, string>>>;
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
    const lines = unpack(preset, packed, reading, cells);
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

function unpack(
  preset: Preset,
  columns: readonly number[],
  reading: FileReading,
  cells: readonly string[],
): Readonly<Partial<Record<PresetField, string>>>[] | 'unreadable' | undefined {
  const { packed } = preset;
  if (packed === undefined || packed.kind === 'numbered') return undefined;
  if (packed.kind === 'aligned') return unpackAligned(packed, reading, cells);
  const filled = columns.map((column) => (cells[column] ?? '').trim()).filter((cell) => cell !== '');
  if (packed.kind === 'json') {
    const lists = filled.map((cell) => unpackJson(cell, packed));
    if (lists.includes(undefined)) return 'unreadable';
    const found = lists.flatMap((list) => list ?? []);
    return found.length === 0 ? undefined : found;
  }
  const lines = filled.flatMap((cell) => splitLines(cell, packed));
  const named = lines.map((line) => line.trim()).filter((line) => line !== '');
  return named.length === 0 ? undefined : named.map((line) => readNamed(line, packed));
}

type Named = Extract<NonNullable<Preset['packed']>, { kind: 'named' }>;

/** Splits a cell into lines, each of which begins with one of the names, or as the cell does: a value may hold what separates lines. */
function splitLines(
  cell: string,
  { between_lines: between, between_fields: betweenFields, after_name: after, fields }: Named,
): string[] {
  if (between === undefined) return [cell];
  const [start = ''] = cell.split(betweenFields, 1);
  const first = start.includes(after) ? [start.slice(0, start.indexOf(after) + after.length).trimStart()] : [];
  const ofFields = Object.values(fields).flatMap((name) => namesOf(name).map((one) => `${one}${after}`));
  const names = [...ofFields, ...first.map((one) => one.toLowerCase())];
  const lines: string[] = [];
  for (const piece of cell.split(between)) {
    const isStart = names.some((name) => piece.trimStart().toLowerCase().startsWith(name));
    const last = lines.at(-1);
    if (isStart || last === undefined) lines.push(piece);
    else lines[lines.length - 1] = `${last}${between}${piece}`;
  }
  return lines;
}

/** A piece without a name goes on with the value in front of it, which holds what separates fields. */
function readNamed(text: string, { between_fields: between, after_name: after, fields }: Named) {
  const values = new Map<string, string>();
  let last: string | undefined;
  for (const piece of text.split(between)) {
    const at = piece.indexOf(after);
    if (at > 0) {
      last = piece.slice(0, at).trim().toLowerCase();
      values.set(last, piece.slice(at + after.length).trim());
    } else if (last !== undefined) {
      values.set(last, `${values.get(last) ?? ''}${between}${piece}`);
    }
  }
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, name]) => {
      const value = namesOf(name).flatMap((one) => values.get(one) ?? [])[0];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function namesOf(name: string | readonly string[]): string[] {
  return (typeof name === 'string' ? [name] : name).map((one) => one.toLowerCase());
}

type Aligned = Extract<NonNullable<Preset['packed']>, { kind: 'aligned' }>;

/** Cells that hold one value hold it for all lines; the numbers of values of all others are the same, or the row is one line that will be refused. */
function unpackAligned(
  { fields, between_lines: between }: Aligned,
  { sources }: FileReading,
  cells: readonly string[],
) {
  const values = fields.map((field) => ({
    field,
    parts: sourceText(sources[field], cells)
      .split(between)
      .map((part) => part.trim()),
  }));
  const count = Math.max(...values.map(({ parts }) => parts.length));
  if (count < 2 || values.some(({ parts }) => parts.length !== 1 && parts.length !== count)) return undefined;
  return Array.from({ length: count }, (_, line) =>
    Object.fromEntries(values.map(({ field, parts }) => [field, parts[line] ?? parts[0] ?? ''])),
  );
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

function sourceText(source: ColumnSource | undefined, cells: readonly string[]): string {
  if (source === undefined) return '';
  if (source.kind === 'value') return source.value;
  if (source.kind === 'joined') {
    return source.columns
      .map((column) => cleanCell(cells[column]))
      .filter((text) => text !== '')
      .join(source.with);
  }
  for (const column of source.columns) {
    const text = cleanCell(cells[column]);
    if (text !== '') return text;
  }
  return '';
}

/** A cell as it was meant: `="00501"` is how some systems make a spreadsheet keep a text, and `--` is what others write where there is none. */
export function cleanCell(cell: string | undefined): string {
  if (cell === undefined || cell === '') return '';
  const text = withoutMarks(unescapeFormula(cell)).trim();
  return text.startsWith('="') ? (/^="(.*)"$/s.exec(text)?.[1] ?? text).trim() : unlessDashes(text);
}

/** Invisible characters that set the writing direction. Phones and office programs put them around copied text. */
const MARKS = /^[\s\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]+|[\s\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]+$/g;
const HAS_MARK = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/;

function withoutMarks(text: string): string {
  return HAS_MARK.test(text) ? text.replaceAll(MARKS, '') : text;
}

const MAX_DASHES = 3;

function unlessDashes(text: string): string {
  return text.length <= MAX_DASHES && /^[-–—]+$/.test(text) ? '' : text;
}
