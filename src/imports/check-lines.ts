import { holdsCardNumber, maskCardNumbers } from '../domain/card-number.ts';
import type { ImportField, ImportFormat } from '../domain/import-columns.ts';
import type { ReferencedLine } from '../repositories/import-uploads.ts';
import { unescapeFormula } from './escape-formula.ts';
import { headerTest } from './header-test.ts';
import type { CsvRow } from './parse-csv.ts';
import { Turns } from './work-in-turns.ts';

/** Takes the rows of a file in their order, and gives them back as lines that may be kept. */
export interface LineChecker {
  /** The lines of all rows so far but the last, which the next one may have something to say of. */
  readonly check: (rows: readonly CsvRow[]) => Promise<ReferencedLine[]>;
  /** The last line, once the file has ended. */
  readonly finish: () => ReferencedLine[];
}

/** A reference that is too long is refused later, with its order; here it only has to fit into an index. */
export const INDEXABLE_CHARACTERS = 256;

/** Characters searched before it is looked whether it is somebody else's turn: a millisecond's work, unless they are all digits. */
const CHARACTERS_AT_ONCE = 16 * 1024;

/**
 * Checks what can be told only of lines in their order, and masks what may not be kept. A line without a reference, or one in which the file ends before
 * its reference does, may belong to the order of its neighbours, which would be placed short: they are at fault as well.
 */
export function createLineChecker({ header, columns }: Pick<ImportFormat, 'header' | 'columns'>): LineChecker {
  const fields = new Map(Object.entries(columns).map(([field, column]) => [column, field as ImportField]));
  const unkept = securityCodeColumns(header, fields);
  const isHeader = headerTest(header);
  const isTooWide = widthTest(header.length);
  let held: (ReferencedLine & { faults: string[] }) | undefined;
  const turns = new Turns();
  let characters = 0;

  const mask = async ({ line, cells, isCutOff }: CsvRow) => {
    const faults: string[] = [];
    const kept: string[] = [];
    for (const [column, cell] of cells.entries()) {
      characters += cell.length;
      if (characters > CHARACTERS_AT_ONCE) {
        // oxlint-disable-next-line no-await-in-loop -- other requests have their turn
        if (turns.isOver()) await turns.next();
        characters = 0;
      }
      const isFound = holdsCardNumber(cell);
      const field = fields.get(column);
      if (isFound && field !== undefined) faults.push(holdsCard(field));
      kept.push(unkept.has(column) ? '' : isFound ? maskCardNumbers(cell) : cell);
    }
    if (isCutOff && isCutShort(cells, header.length, fields)) faults.push(CUT_SHORT);
    if (isTooWide(cells)) faults.push(tooWide(cells, header.length));
    const column = columns.order_reference ?? 0;
    const isReferenceCut = isCutOff && cells.length <= column + 1 && mayGoOn(cells[column] ?? '');
    return { line, cells: kept, faults, reference: isReferenceCut ? '' : referenceOf(kept[column]) };
  };

  return {
    check: async (rows) => {
      const lines: ReferencedLine[] = [];
      turns.begin();
      for (const row of rows) {
        if (isHeader(row.cells)) continue;
        const next = await mask(row);
        if (held) {
          if (next.reference === '' && held.reference !== '') held.faults.push(lacksReference(next.line));
          if (held.reference === '' && next.reference !== '') next.faults.push(lacksReference(held.line));
          lines.push(held);
        }
        held = next;
      }
      return lines;
    },
    finish: () => (held ? [held] : []),
  };
}

/** What is wrong with a cell that holds the number of a card. */
export function holdsCard(field: string): string {
  return `${field} must not hold a card number; send a payment method token instead`;
}

/** What is wrong with a line in which the file ends. */
export const CUT_SHORT = 'the file ends inside this line, which may be cut off: end the last line as the others end';

/**
 * Whether something is missing of a line in which the file ends. Nobody misses the rest of a cell that is not used, and many programs leave
 * out the end of the last line.
 */
export function isCutShort(cells: readonly string[], width: number, used: ReadonlyMap<number, unknown>): boolean {
  return cells.length < width || (used.has(cells.length - 1) && mayGoOn(cells.at(-1) ?? ''));
}

/** Whether a cell may be the beginning of another number; one with two decimals is a whole price. */
function mayGoOn(cell: string): boolean {
  return /[\p{Nd}.,]\s*$/u.test(cell) && !/[.,]\d\d\s*$/.test(cell);
}

/**
 * Tells which rows have more cells than the header. Some systems write empty cells behind all rows alike; in a file in which one row has them, a
 * comma in some text of it has shifted its cells.
 */
export function widthTest(width: number): (cells: readonly string[]) => boolean {
  let usual: number | undefined;
  return ({ length }) => {
    usual ??= length;
    return length > width && length !== usual;
  };
}

/** What is wrong with a row of another width. */
export function tooWide({ length }: readonly string[], width: number): string {
  return `has ${length} cells, the header has ${width}: quote cells that hold a delimiter`;
}

/** Cards' security codes, which may not be kept by anybody. */
const SECURITY_CODE = /^(card)?[\W_]*(cvc|cvv|csc|cvn|security[\W_]*code|verification[\W_]*(code|value|number))\d?$/i;

/** The columns of cards' security codes, unless they are used for something else. */
export function securityCodeColumns(
  header: readonly string[],
  used: ReadonlyMap<number, unknown>,
): ReadonlySet<number> {
  return new Set(header.flatMap((name, column) => (SECURITY_CODE.test(name) && !used.has(column) ? [column] : [])));
}

/** What is wrong with a line beside one without a reference. */
export function lacksReference(line: number): string {
  return `line ${line} has no order reference and may belong to this order`;
}

function referenceOf(cell: string | undefined): string {
  return unescapeFormula(cell ?? '')
    .trim()
    .slice(0, INDEXABLE_CHARACTERS);
}
