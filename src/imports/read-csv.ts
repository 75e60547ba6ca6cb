import { promises as streams, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from '../domain/refusal.ts';
import { badLine, boundLines, MAX_LINE_CHARACTERS } from './bound-lines.ts';
import { followQuotes } from './follow-quotes.ts';

/** Takes what is read from a file. */
export interface CsvReader {
  /** Called once, before any row; may throw to refuse the header. */
  readonly onHeader: (header: string[], delimiter: string) => void;
  /** Called with rows in the file's order; no more are read until it resolves. */
  readonly onRows: (rows: CsvRow[]) => Promise<void>;
}

/** Cells of a row, and the line of the file that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: string[];
  /** Whether the file ends inside it, so that its last cell may have been longer. */
  readonly isCutOff: boolean;
}

const delimiters = [',', ';', '\t', '|'] as const;

/** A longer first line is not a header. */
const MAX_HEADER_CHARACTERS = 64 * 1024;

/** More columns than any table of orders has. */
const MAX_COLUMNS = 500;

/** Longer than any notes in a cell. */
const MAX_CELL_CHARACTERS = 64 * 1024;

/** A quoted cell may hold line ends; a longer record has a quote that was never closed. */
const MAX_RECORD_CHARACTERS = MAX_LINE_CHARACTERS;

/** Rows in one call of `onRows`: writing them takes some milliseconds. */
const ROWS_AT_ONCE = 1_000;

/** Characters in one call of `onRows`, so that long rows take no more memory than short ones. */
const CHARACTERS_AT_ONCE = 1_000_000;

/**
 * Reads CSV as it comes, {@link ROWS_AT_ONCE} rows at a time, in time linear in its length. The delimiter is `statedDelimiter`, or the one that
 * occurs most in the header line. Throws VALIDATION for a file without a header, with an unclosed quote, or with a line, a cell or a
 * number of columns beyond the limits, or with a cell that goes on after its closing quote.
 */
export async function readCsv(
  texts: AsyncIterable<string>,
  { onHeader, onRows }: CsvReader,
  statedDelimiter?: string,
): Promise<void> {
  const { delimiter, rest } = await splitOff(texts, statedDelimiter);
  const followed = followQuotes(rest, delimiter);
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    // A line with more or fewer cells than the header fails its order, not the file.
    relax_column_count: true,
    // A quote inside an unquoted cell may be an inch mark.
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
    let isLastRow = false;
    for await (const { record, info } of records) {
      const line = next + info.empty_lines - blank;
      refuseTooLarge(record, line);
      next = line + linesIn(record);
      blank = info.empty_lines;
      isLastRow = header !== undefined && record.some((cell) => cell.trim() !== '');
      if (!header) {
        header = record.map((name) => name.trim());
        onHeader(header, delimiter);
      } else if (isLastRow) {
        rows.push({ line, cells: record, isCutOff: false });
        characters += record.reduce((sum, cell) => sum + cell.length, 0);
      }
      if (rows.length < ROWS_AT_ONCE && characters < CHARACTERS_AT_ONCE) continue;
      // The last one waits until it is known whether it is whole.
      await onRows(rows.slice(0, -1));
      rows = rows.slice(-1);
      characters = 0;
    }
    const isCutOff = isLastRow && followed.isCutOff();
    if (rows.length > 0)
      await onRows(rows.map((row, index) => ({ ...row, isCutOff: isCutOff && index === rows.length - 1 })));
  };
  try {
    await streams.pipeline(Readable.from(followed.texts), parser, consume);
  } catch (error) {
    throw error instanceof CsvError ? brokenFile(error) : error;
  }
  if (!header) throw emptyFile();
}

/** How many lines of the file a record takes up. */
function linesIn(record: readonly string[]): number {
  return record.reduce((lines, cell) => lines + (cell.match(LINE_END)?.length ?? 0), 1);
}

const LINE_END = /\r\n|\n|\r/g;

function refuseTooLarge(record: readonly string[], line: number): void {
  if (record.length > MAX_COLUMNS)
    throw badLine(line, `has ${record.length} columns, at most ${MAX_COLUMNS} are allowed`);
  if (record.some((cell) => cell.length > MAX_CELL_CHARACTERS)) {
    throw badLine(line, `has a cell of more than ${MAX_CELL_CHARACTERS} characters`);
  }
}

/** Reads the header line to find the delimiter, which the parser has to know, and passes on the whole text. */
async function splitOff(texts: AsyncIterable<string>, stated: string | undefined) {
  const source = boundLines(texts);
  const start = await readHeader(source);
  const line = /^[\ufeff\s]*([^\r\n]*)/.exec(start)?.[1] ?? '';
  if (line === '') throw emptyFile();
  if (line.length >= MAX_HEADER_CHARACTERS) {
    throw badLine(1, `is longer than ${MAX_HEADER_CHARACTERS} characters and can't be a header`);
  }
  const rest = async function* () {
    yield start;
    yield* source;
  };
  return { delimiter: stated ?? mostFrequent(line), rest: rest() };
}

/** Reads to the end of the first line that is not blank, or to the limit. Looks at each character once. */
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

function mostFrequent(line: string): string {
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
  return new Refusal('VALIDATION', `The body can't be read as CSV: ${what}${near}.`, {
    details: [{ pointer: '', line, message: what }],
  });
}
