import { invalidRequest } from '../domain/refusal.ts';
import { checkRequest } from '../orders/check-request.ts';
import { line } from '../orders/text-schemas.ts';

/** An idempotency key is made of each reference; longer ones are refused. */
const referenceSchema = line(200);

/** Throws VALIDATION for a reference that can't name an order of an import. */
export function checkReference(reference: string): void {
  if (reference === '') throw invalidRequest([{ pointer: '/order_reference', message: 'is empty' }]);
  checkRequest(referenceSchema, reference, '/order_reference');
}

/**
 * The idempotency key of a file's order among its owner's: its reference, with the system that it is of where the file is another system's. It
 * begins with a character that no key of `POST /orders` has, and a colon in either is encoded: no other order has the same key.
 */
export function importKeyOf(reference: string, source: string | null = null): string {
  const name = encodeColons(reference);
  return source === null ? `→import:${name}` : `→import@${encodeColons(source)}:${name}`;
}

function encodeColons(text: string): string {
  return text.replace(/[%:]/g, encodeURIComponent);
}
