/** What begins a formula in a spreadsheet (https://owasp.org/www-community/attacks/CSV_Injection), with its wide and small forms. */
const SIGN = '[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]';

/** A cell that is run as a formula: spreadsheets skip blanks and line ends in front of it, and may take `;` or `,` for the end of a cell. */
const FORMULA = new RegExp(`^(?:[\\s;,']*${SIGN}|'*[\\t\\r])`);

/** A separator in the text after which a spreadsheet may find a formula. Blanks without separators, so that no text is searched twice. */
const AFTER_SEPARATOR = `(?=(?:[^\\S\\t\\r\\n]|')*${SIGN})`;
const NEXT_FORMULA = new RegExp(`([;\\t\\r\\n])${AFTER_SEPARATOR}`, 'g');
const NEXT_ESCAPED = new RegExp(`([;\\t\\r\\n])'${AFTER_SEPARATOR}`, 'g');

/** A number is no formula, whatever its sign. */
const NUMBER = /^'*[+-]?\d+([.,]\d+)?$/;

/**
 * Makes a cell text for a spreadsheet, whichever separator it reads the file by: what it would run as a formula gets an apostrophe
 * in front. {@link unescapeFormula} restores any text exactly.
 */
export function escapeFormula(cell: string): string {
  if (NUMBER.test(cell)) return cell;
  const escaped = cell.replaceAll(NEXT_FORMULA, "$1'");
  return FORMULA.test(cell) ? `'${escaped}` : escaped;
}

/** The cell without the apostrophes that {@link escapeFormula} put there. */
export function unescapeFormula(cell: string): string {
  if (!cell.includes("'") || NUMBER.test(cell)) return cell;
  const text = cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
  return text.replaceAll(NEXT_ESCAPED, '$1');
}
