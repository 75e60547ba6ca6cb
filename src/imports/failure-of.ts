import { maskCardNumbers } from '../domain/card-number.ts';
import type { ImportFailure } from '../domain/import.ts';
import { maskDetail, type Refusal } from '../domain/refusal.ts';

/** As many as an order may have lines by default. */
const MAX_DETAILS = 50;

/** Why an order of an import failed, by its refusal; card numbers are masked. */
export function failureOf({ code, message, details }: Refusal): ImportFailure {
  return { code, message: maskCardNumbers(message), details: details.slice(0, MAX_DETAILS).map(maskDetail) };
}
