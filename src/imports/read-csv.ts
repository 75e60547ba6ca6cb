import { Refusal } from '../domain/refusal.ts';
import { badLine, CsvParser, LINE_END, MAX_COLUMNS, type CsvRow } from './parse-csv.ts';
import { Turns } from './work-in-turns.ts';

/** Takes what is read from a file. */
export interface CsvReader {
  /** Which of the file's first lines is the header, and what separates its cells; where it is not given, or finds none, the first line is. */
  readonly findHeader?:
    | ((lines: readonly string[], statedDelimiter: string | undefined) => FoundHeader | undefined)
    | undefined;
  /** Called once, before any row; may throw to refuse the header. */
  readonly onHeader: (header: string[], delimiter: string) => void;
  /** Called with rows in the file's order; no more are read until it resolves. */
  readonly onRows: (rows: CsvRow[]) => Promise<void>;
}

/** A header below other lines, such as a title and a date. */
export interface FoundHeader {
  /** Which of the lines it is, from 0. */
  readonly index: number;
  readonly delimiter: string;
  /** Whether its file has no quotes around cells: then a `"` is a character like any other. */
  readonly isUnquoted: boolean;
}

const delimiters = [',', ';', '\t', '|'] as const;

/** A longer first line is not a header. */
const MAX_HEADER_CHARACTERS = 64 * 1024;

/** Longer than any notes in a cell. */
const MAX_CELL_CHARACTERS = 64 * 1024;

/** Rows in one call of `onRows`: writing them takes some milliseconds. */
const ROWS_AT_ONCE = 1_000;

/** Characters in one call of `onRows`, so that long rows take no more memory than short ones. */
const CHARACTERS_AT_ONCE = 1_000_000;

/** Characters parsed before other requests have their turn: a millisecond's work. */
const CHARACTERS_AT_A_TURN = 64 * 1024;

/**
 * Reads CSV as it comes, {@link ROWS_AT_ONCE} rows at a time, in time linear in its length. The delimiter is `statedDelimiter`, or the one that
 * occurs most in the header line. Throws VALIDATION for a file without a header, with an unclosed quote, or with a line, a cell or a
 * number of columns beyond the limits, or with a cell that goes on after its closing quote.
 */
export async function readCsv(
  texts: AsyncIterable<string>,
  { findHeader, onHeader, onRows }: CsvReader,
  statedDelimiter?: string,
): Promise<void> {
  const { delimiter, isUnquoted, rest } = await splitOff(texts, statedDelimiter, findHeader);
  const parser = new CsvParser(delimiter, isUnquoted);
  let header: string[] | undefined;
  let waiting: CsvRow[] = [];
  let characters = 0;
  const take = async (rows: readonly CsvRow[]) => {
    for (const row of rows) {
      characters += requireSmall(row);
      if (header) waiting.push(row);
      else onHeader((header = row.cells.map((name) => name.trim())), delimiter);
      if (waiting.length < ROWS_AT_ONCE && characters < CHARACTERS_AT_ONCE) continue;
      await onRows(waiting);
      waiting = [];
      characters = 0;
    }
  };
  const turns = new Turns();
  for await (const text of rest) {
    await take(parser.read(text));
    // Also where the turn is not over: what is done with the rows counts for none.
    await turns.next();
  }
  await take(parser.end());
  if (waiting.length > 0) await onRows(waiting);
  if (!header) throw emptyFile();
}

/** How many characters a row has. Throws VALIDATION for one that is too large. */
function requireSmall({ cells, line }: CsvRow): number {
  if (cells.length > MAX_COLUMNS)
    throw badLine(line, `has ${cells.length} columns, at most ${MAX_COLUMNS} are allowed`);
  let characters = 0;
  for (const { length } of cells) {
    if (length > MAX_CELL_CHARACTERS) throw badLine(line, `has a cell of more than ${MAX_CELL_CHARACTERS} characters`);
    characters += length;
  }
  return characters;
}

/** Passes text on in small parts. */
async function* splitText(texts: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  for await (const text of texts) {
    for (let at = 0; at < text.length; at += CHARACTERS_AT_A_TURN) yield text.slice(at, at + CHARACTERS_AT_A_TURN);
  }
  return undefined;
}

/** Reads the header line to find the delimiter, which the parser has to know, and passes on the whole text. */
async function splitOff(texts: AsyncIterable<string>, stated: string | undefined, findHeader: CsvReader['findHeader']) {
  const source = splitText(texts);
  const read = await readStart(source, findHeader === undefined ? 1 : MAX_PREAMBLE_LINES);
  const said = SEPARATOR_LINE.exec(read);
  const separator = stated ?? said?.[1];
  const lines = read.replace(/^\ufeff/, '').split(LINE_END, MAX_PREAMBLE_LINES);
  const found = findHeader?.(lines, separator);
  const start = blankLines(read, Math.max(said ? linesBefore(said[0]) : 0, found?.index ?? 0));
  const line = /^[\ufeff\s]*([^\r\n]*)/.exec(start)?.[1] ?? '';
  if (line === '') throw emptyFile();
  if (line.length >= MAX_HEADER_CHARACTERS) {
    throw badLine(1, `is longer than ${MAX_HEADER_CHARACTERS} characters and can't be a header`);
  }
  const rest = async function* () {
    yield start;
    yield* source;
  };
  const delimiter = found?.delimiter ?? separator ?? mostFrequent(line);
  return { delimiter, isUnquoted: found?.isUnquoted ?? false, rest: rest() };
}

/** Lines above the header, such as a title and the days that an export is of. */
const MAX_PREAMBLE_LINES = 20;

/** How a spreadsheet is told what separates cells. */
const SEPARATOR_LINE = /^[\ufeff\s]*sep=([,;|\t])[^\S\t\r\n]*(?:\r\n|\n|\r)/i;

/** Reads to the end of the line `count`, not counting blank ones in front of the first, or to the limit. Looks at each character once. */
async function readStart(source: AsyncIterator<string, undefined>, count: number): Promise<string> {
  const texts: string[] = [];
  let length = 0;
  let isInText = false;
  let ends = 0;
  while (ends < count && length < MAX_HEADER_CHARACTERS) {
    const next = await source.next();
    if (next.done === true) break;
    const text = next.value;
    texts.push(text);
    length += text.length;
    const begin: number = isInText ? 0 : text.search(/[^\ufeff\s]/);
    isInText = begin >= 0;
    if (isInText) ends += text.slice(begin).match(LINE_END)?.length ?? 0;
  }
  return texts.join('');
}

function linesBefore(text: string): number {
  return text.match(LINE_END)?.length ?? 0;
}

/** The text without the characters of its first `count` lines; their ends stay, so that the lines below keep their numbers. */
function blankLines(text: string, count: number): string {
  if (count === 0) return text;
  let at = 0;
  const ends: string[] = [];
  for (const match of text.matchAll(LINE_END)) {
    if (ends.length === count) break;
    ends.push(match[0]);
    at = match.index + match[0].length;
  }
  return ends.join('') + text.slice(at);
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
