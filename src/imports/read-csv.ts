import { promises as streams, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from '../domain/refusal.ts';
import { badLine, boundLines, MAX_LINE_CHARACTERS } from './bound-lines.ts';

/** A file whose header is known and whose rows come one after the other. */
export interface CsvReader {
  /** Hears the header once, before any row; may throw to refuse it. */
  readonly onHeader: (header: string[], delimiter: string) => void;
  /** Takes rows in the file's order; the next ones are not read before it is done. */
  readonly onRows: (rows: CsvRow[]) => Promise<void>;
}

/** Cells of a row, and the line of the file that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: string[];
}

const delimiters = [',', ';', '\t', '|'] as const;

/** A header line longer than this is none. */
const MAX_HEADER_CHARACTERS = 64 * 1024;

/** More columns than a table of orders has: this is a file of something else, or made to fill the memory. */
const MAX_COLUMNS = 500;

/** The longest notes that somebody may have written into a cell, and more. */
const MAX_CELL_CHARACTERS = 64 * 1024;

/** A record with line ends in its cells that is longer than {@link MAX_LINE_CHARACTERS} has a quote that was never closed. */
const MAX_RECORD_CHARACTERS = MAX_LINE_CHARACTERS;

/** Rows handed over together: a write that takes some milliseconds. */
const ROWS_AT_ONCE = 1_000;

/** Characters of rows handed over together, so that few long rows take no more memory than many short ones. */
const CHARACTERS_AT_ONCE = 1_000_000;

/**
 * Reads CSV as it comes and holds little more than {@link ROWS_AT_ONCE} rows of it, in time that grows with its length only. The delimiter is the one that the header
 * line has most of, unless it is stated. Rejects with VALIDATION for a file without a header, with a broken quote, or with a line, a
 * cell or a number of columns beyond the limits.
 */
export async function readCsv(
  texts: AsyncIterable<string>,
  { onHeader, onRows }: CsvReader,
  statedDelimiter?: string,
): Promise<void> {
  const { delimiter, rest } = await splitOff(texts, statedDelimiter);
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    // A line that has more or fewer cells than the header is refused by itself, not with the file.
    relax_column_count: true,
    // A quote inside an unquoted cell is an inch mark, not a mistake.
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  let header: string[] | undefined;
  const consume = async (records: AsyncIterable<{ record: string[]; info: { empty_lines: number } }>) => {
    let rows: CsvRow[] = [];
    let characters = 0;
    let next = 1;
    let blank = 0;
    for await (const { record, info } of records) {
      const line = next + info.empty_lines - blank;
      refuseTooLarge(record, line);
      next = line + linesIn(record);
      blank = info.empty_lines;
      if (!header) {
        header = record.map((name) => name.trim());
        onHeader(header, delimiter);
      } else if (record.some((cell) => cell.trim() !== '')) {
        rows.push({ line, cells: record });
        characters += record.reduce((sum, cell) => sum + cell.length, 0);
      }
      if (rows.length < ROWS_AT_ONCE && characters < CHARACTERS_AT_ONCE) continue;
      await onRows(rows);
      rows = [];
      characters = 0;
    }
    if (rows.length > 0) await onRows(rows);
  };
  try {
    await streams.pipeline(Readable.from(rest), parser, consume);
  } catch (error) {
    throw error instanceof CsvError ? brokenFile(error) : error;
  }
  if (!header) throw emptyFile();
}

/** How many lines of the file a record takes: a quoted cell may hold line ends. */
function linesIn(record: readonly string[]): number {
  return record.reduce((lines, cell) => lines + (cell.match(LINE_END)?.length ?? 0), 1);
}

const LINE_END = /\r\n|\n|\r/g;

function refuseTooLarge(record: readonly string[], line: number): void {
  if (record.length > MAX_COLUMNS) throw badLine(line, `has ${record.length} columns, and ${MAX_COLUMNS} are the most`);
  if (record.some((cell) => cell.length > MAX_CELL_CHARACTERS)) {
    throw badLine(line, `has a cell of more than ${MAX_CELL_CHARACTERS} characters`);
  }
}

/** Looks at the header line before the parser does, which has to know the delimiter. */
async function splitOff(texts: AsyncIterable<string>, stated: string | undefined) {
  const source = boundLines(texts);
  const start = await readHeader(source);
  const line = /^[\ufeff\s]*([^\r\n]*)/.exec(start)?.[1] ?? '';
  if (line === '') throw emptyFile();
  if (line.length >= MAX_HEADER_CHARACTERS) {
    throw badLine(1, `is longer than ${MAX_HEADER_CHARACTERS} characters, which no header is`);
  }
  const rest = async function* () {
    yield start;
    yield* source;
  };
  return { delimiter: stated ?? commonest(line), rest: rest() };
}

/** Reads until the end of the first line that is not blank, or until that should have come. Looks at each character once. */
async function readHeader(source: AsyncIterator<string, undefined>): Promise<string> {
  const texts: string[] = [];
  let length = 0;
  let isInHeader = false;
  let isComplete = false;
  while (!isComplete && length < MAX_HEADER_CHARACTERS) {
    const next = await source.next();
    if (next.done === true) break;
    const text = next.value;
    texts.push(text);
    length += text.length;
    const begin: number = isInHeader ? 0 : text.search(/[^\ufeff\s]/);
    isInHeader = begin >= 0;
    isComplete = isInHeader && /[\r\n]/.test(text.slice(begin));
  }
  return texts.join('');
}

function commonest(line: string): string {
  const unquoted = line.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => unquoted.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

function emptyFile(): Refusal {
  return new Refusal('VALIDATION', 'The body is empty: a header line and order lines are expected.', {
    details: [{ pointer: '', message: 'is empty' }],
  });
}

function brokenFile(error: CsvError): Refusal {
  const line = typeof error['lines'] === 'number' ? error['lines'] : null;
  const near = line === null ? '' : ` near line ${line}`;
  const what =
    error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
      ? 'a quote is opened and never closed'
      : error.message;
  return new Refusal('VALIDATION', `The body is not CSV that can be read: ${what}${near}.`, {
    details: [{ pointer: '', line, message: what }],
  });
}
