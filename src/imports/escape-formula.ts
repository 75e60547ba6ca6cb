/** What makes a spreadsheet take a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection), full-width forms included. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** A number is no formula, whatever its sign. */
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** Makes a cell text for a spreadsheet: one that it would run as a formula gets an apostrophe in front. */
export function escapeFormula(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

/** The cell without the apostrophe that {@link escapeFormula} put there. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
