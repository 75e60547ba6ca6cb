/** What makes a spreadsheet take a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection), full-width forms included. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** A number is no formula, whatever its sign. */
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** The text as a spreadsheet shows it: one that it would run is made text by an apostrophe before it. */
export function guarded(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** The text without the apostrophe that {@link guarded} put there. */
export function withoutGuard(text: string): string {
  return text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text;
}
