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
 * The idempotency key of a file's order among its owner's: its reference. It begins with a character that no key of `POST /orders` has, and a
 * colon in the reference is encoded: no other order has the same key.
 */
export function importKeyOf(reference: string): string {
  return `→import:${reference.replace(/[%:]/g, encodeURIComponent)}`;
}
