import { promises as streams, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from '../domain/refusal.ts';

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

/** A record beyond this has a quote that was never closed. */
const MAX_RECORD_CHARACTERS = 1_000_000;

/** Rows handed over together: a write that takes some milliseconds. */
const ROWS_AT_ONCE = 1_000;

/**
 * Reads CSV as it comes and holds little more than {@link ROWS_AT_ONCE} rows of it. The delimiter is the one that the header
 * line has most of, unless it is stated. Rejects with VALIDATION for a file without a header or with a broken quote.
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
    let next = 1;
    let blank = 0;
    for await (const { record, info } of records) {
      const line = next + info.empty_lines - blank;
      next = line + linesIn(record);
      blank = info.empty_lines;
      if (!header) {
        header = record.map((name) => name.trim());
        onHeader(header, delimiter);
      } else if (record.some((cell) => cell.trim() !== '')) {
        rows.push({ line, cells: record });
      }
      if (rows.length < ROWS_AT_ONCE) continue;
      await onRows(rows);
      rows = [];
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

/** Looks at the header line before the parser does, which has to know the delimiter. */
async function splitOff(texts: AsyncIterable<string>, stated: string | undefined) {
  const source = texts[Symbol.asyncIterator]();
  let start = '';
  let ended = false;
  while (!ended && !/\S[^\r\n]*[\r\n]/.test(start) && start.length < MAX_HEADER_CHARACTERS) {
    const next = await source.next();
    if (next.done === true) ended = true;
    else start += next.value;
  }
  const line = /^[\ufeff\s]*([^\r\n]*)/.exec(start)?.[1] ?? '';
  if (line === '') throw emptyFile();
  if (line.length >= MAX_HEADER_CHARACTERS) {
    throw new Refusal('VALIDATION', 'The body has no header line.', {
      details: [{ pointer: '', line: 1, message: `the first line is longer than ${MAX_HEADER_CHARACTERS} characters` }],
    });
  }
  const rest = async function* () {
    yield start;
    for (;;) {
      const next = await source.next();
      if (next.done === true) return;
      yield next.value;
    }
  };
  return { delimiter: stated ?? commonest(line), rest: rest() };
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
