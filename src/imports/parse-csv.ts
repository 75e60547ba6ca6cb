import { Refusal } from '../domain/refusal.ts';

/** Cells of a row, and the line of the file that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: string[];
  /** Whether the file ends inside it, so that its last cell may have been longer. */
  readonly isCutOff: boolean;
}

/** Far longer than the longest row of an order; without a limit an endless line would fill the memory. */
const MAX_LINE_CHARACTERS = 1_000_000;

/** More columns than any table of orders has. */
export const MAX_COLUMNS = 500;

/** A quoted cell may hold line ends; a longer row has a quote that was never closed. */
const MAX_ROW_CHARACTERS = MAX_LINE_CHARACTERS;

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xfeff;

/** A line end as any system writes it. */
export const LINE_END = /\r\n|\n|\r/g;

/** Where in a row the next character stands. */
type Place = 'cell start' | 'plain' | 'quoted' | 'closed';

/**
 * Takes the text of a CSV as it comes, and gives its rows back, each character looked at once; lines with nothing on them are left out. A quote
 * inside a plain cell is an inch mark. Throws VALIDATION, with the number of the line, for a line or a row beyond the limits, for a quote that is
 * never closed, and where a quoted cell goes on after its closing quote: then nobody can tell which of the following quotes open a cell.
 */
export class CsvParser {
  readonly #delimiter: number;
  readonly #isUnquoted: boolean;
  /** What was given of the row that is not complete. */
  #text = '';
  /** Where in it the next character stands, and where the cell begins that it belongs to. */
  #at = 0;
  #cellAt = 0;
  #place: Place = 'cell start';
  #hasDoubledQuote = false;
  #cells: string[] = [];
  /** Of the row's first character. */
  #line = 1;
  #lineEndsInside = 0;
  #isAtFileStart = true;
  #isAfterReturn = false;

  /** `isUnquoted`: no cell is in quotes, and a quote is a character like any other. */
  constructor(delimiter: string, isUnquoted = false) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#isUnquoted = isUnquoted;
  }

  /** The rows that end in `more`, which follows what was given before. */
  read(more: string): CsvRow[] {
    const rows: CsvRow[] = [];
    this.#text += more;
    let rowAt = 0;
    while (this.#at < this.#text.length) {
      if (!this.#takeCell()) break;
      const end = this.#text.charCodeAt(this.#at);
      this.#at += 1;
      if (end === this.#delimiter) continue;
      this.#isAfterReturn = end === CARRIAGE_RETURN;
      if (this.#at - rowAt > MAX_ROW_CHARACTERS)
        this.#refuseLong(this.#text.slice(rowAt, this.#at), this.#cellAt - rowAt);
      const row = this.#endRow(false);
      if (row) rows.push(row);
      rowAt = this.#at;
    }
    this.#text = this.#text.slice(rowAt);
    this.#at -= rowAt;
    this.#cellAt -= rowAt;
    if (this.#text.length > MAX_ROW_CHARACTERS) this.#refuseLong(this.#text, this.#cellAt);
    return rows;
  }

  /** The row that the file ends in, where it does not end with a line. */
  end(): CsvRow[] {
    if (this.#place === 'quoted') throw this.#unclosed(this.#text, this.#cellAt);
    if (this.#text === '') return [];
    const isCutOff = this.#place !== 'closed';
    this.#endCell();
    const row = this.#endRow(isCutOff);
    return row ? [row] : [];
  }

  /** Reads to the end of the cell, which ends before `#at`; false where the text ends first. */
  #takeCell(): boolean {
    const text = this.#text;
    if (this.#place === 'cell start' && !this.#startCell()) return false;
    for (;;) {
      if (this.#at >= text.length) return false;
      if (this.#place === 'plain') {
        this.#skipPlain();
        if (this.#at >= text.length) return false;
        break;
      }
      if (this.#place === 'quoted') {
        const quote = text.indexOf('"', this.#at);
        this.#at = quote === -1 ? text.length : quote + 1;
        if (quote !== -1) this.#place = 'closed';
        continue;
      }
      const code = text.charCodeAt(this.#at);
      if (code === this.#delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) break;
      if (code !== QUOTE) throw this.#goesOn();
      this.#hasDoubledQuote = true;
      this.#place = 'quoted';
      this.#at += 1;
    }
    this.#endCell();
    return true;
  }

  /** Finds out what kind of cell begins; false where the text ends before it does. */
  #startCell(): boolean {
    const text = this.#text;
    let code = text.charCodeAt(this.#at);
    const isMark = this.#isAtFileStart && code === BYTE_ORDER_MARK;
    const isRestOfEnd = this.#isAfterReturn && code === LINE_FEED;
    this.#isAtFileStart = false;
    this.#isAfterReturn = false;
    if (isMark || isRestOfEnd) {
      this.#at += 1;
      if (this.#at >= text.length) return false;
      code = text.charCodeAt(this.#at);
    }
    const isQuoted = code === QUOTE && !this.#isUnquoted;
    this.#place = isQuoted ? 'quoted' : 'plain';
    if (isQuoted) this.#at += 1;
    this.#cellAt = this.#at;
    return true;
  }

  #skipPlain(): void {
    const text = this.#text;
    const delimiter = this.#delimiter;
    let at = this.#at;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) break;
    }
    this.#at = at;
  }

  #endCell(): void {
    if (this.#place === 'closed') {
      const cell = this.#text.slice(this.#cellAt, this.#at - 1);
      this.#lineEndsInside += countLineEnds(cell);
      this.#cells.push(this.#hasDoubledQuote ? cell.replaceAll('""', '"') : cell);
    } else {
      this.#cells.push(this.#place === 'plain' ? this.#text.slice(this.#cellAt, this.#at) : '');
    }
    this.#hasDoubledQuote = false;
    this.#place = 'cell start';
  }

  /** The row that has ended; `undefined` for one without anything, unless it has more cells than any table. */
  #endRow(isCutOff: boolean): CsvRow | undefined {
    const [cells, line] = [this.#cells, this.#line];
    this.#cells = [];
    this.#line += this.#lineEndsInside + 1;
    this.#lineEndsInside = 0;
    const isNothing = cells.length <= MAX_COLUMNS && cells.every((cell) => cell.trim() === '');
    return isNothing ? undefined : { line, cells, isCutOff };
  }

  #goesOn(): Refusal {
    const line = this.#line + this.#lineEndsInside + countLineEnds(this.#text.slice(this.#cellAt, this.#at));
    const cell = this.#cells.length + 1;
    return badLine(line, `has in cell ${cell} text that goes on after its closing quote: double the quotes inside it`);
  }

  #refuseLong(row: string, cellAt: number): never {
    const lines = row.split(LINE_END);
    const tooLong = lines.findIndex((line) => line.length > MAX_LINE_CHARACTERS);
    if (tooLong === -1) throw this.#unclosed(row, cellAt);
    throw badLine(this.#line + tooLong, `is longer than ${MAX_LINE_CHARACTERS} characters`);
  }

  /** Names the line and the cell in which the quote was opened. */
  #unclosed(row: string, cellAt: number): Refusal {
    const line = this.#line + countLineEnds(row.slice(0, cellAt));
    return badLine(line, `has in cell ${this.#cells.length + 1} a quote that is never closed`);
  }
}

function countLineEnds(text: string): number {
  return text.includes('\n') || text.includes('\r') ? (text.match(LINE_END)?.length ?? 0) : 0;
}

/** The refusal of a file because of one line. */
export function badLine(line: number, message: string): Refusal {
  return new Refusal('VALIDATION', `The body can't be read as CSV: line ${line} ${message}.`, {
    details: [{ pointer: '', line, message }],
  });
}
