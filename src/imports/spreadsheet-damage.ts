/** What spreadsheets show instead of a value that they don't have. */
const ERROR_VALUE = /^#(REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|#+)$/;

/** How spreadsheets show numbers that are too long for them: `1.23457E+12` stands for a million numbers. */
const SHORTENED = /^\d([.,]\d+)?E\+\d+$/i;

/** Whether a number is written as spreadsheets write those that are too long for them. */
export function isShortened(cell: string): boolean {
  return SHORTENED.test(cell);
}

/** Names that look like numbers, which spreadsheets shorten. */
const names: ReadonlySet<string> = new Set([
  'order_reference',
  'customer_id',
  'sku',
  'product_id',
  'variant_id',
  'customer_phone',
  'recipient_phone',
  'billing_phone',
  'billing_postal_code',
  'tracking_number',
  'postal_code',
]);

/** What a spreadsheet has done to the cell of a field so that its value is lost; `undefined` when nothing. */
export function damageOf(field: string, cell: string): string | undefined {
  if (cell.startsWith('#') && ERROR_VALUE.test(cell)) return 'is the error value of a spreadsheet';
  if (cell.includes('+') && names.has(field) && isShortened(cell))
    return 'is a number that a spreadsheet has shortened: format its column as text';
  if ((field === 'postal_code' || field === 'billing_postal_code') && /^\d+\.0+$/.test(cell))
    return 'has decimals, as spreadsheets write numbers: format its column as text';
  return undefined;
}
