import { currencyDecimals, isCurrency } from '../domain/currency.ts';

/** A number as the order's schema takes it, text that the schema is to refuse, or why the cell can't be read for certain. */
type ReadNumber<T> = { readonly value: T | string } | { readonly fault: string };

/** Either a number with three decimals or one of thousands: nobody can tell. */
const THREE_AFTER_SEPARATOR = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/** A whole number, whatever its sign and size; spreadsheets write `6` as `6.0`. */
export function readQuantity(cell: string): ReadNumber<number> {
  if (THREE_AFTER_SEPARATOR.test(cell)) return { fault: ambiguous('a quantity has neither decimals nor separators') };
  return { value: /^[+-]?\d{1,15}([.,]0{1,9})?$/.test(cell) ? Number.parseInt(cell, 10) : cell };
}

/** The decimals from which on a number with three digits after its separator is an amount. */
const THREE_DECIMALS = 3;

/**
 * A decimal amount with a point. In a file delimited by semicolons it may have a decimal comma. In one delimited by commas a point is the decimal sign
 * for certain; elsewhere `1.234` may be one thousand, and is refused in a currency that has three decimals (others refuse it anyway).
 */
export function readAmount(cell: string, delimiter: string, currency: string | undefined): ReadNumber<string> {
  const hasThreeDecimals =
    currency !== undefined && isCurrency(currency) && currencyDecimals(currency) >= THREE_DECIMALS;
  const isPointForCertain = delimiter === ',' && cell.includes('.');
  if (hasThreeDecimals && !isPointForCertain && THREE_AFTER_SEPARATOR.test(cell)) {
    return { fault: ambiguous('send a file delimited by commas, with decimal points') };
  }
  return { value: delimiter === ';' && /^-?\d+,\d{1,4}$/.test(cell) ? cell.replace(',', '.') : cell };
}

function ambiguous(remedy: string): string {
  return `may have three decimals or a separator of thousands: ${remedy}`;
}
