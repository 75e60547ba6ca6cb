import type { Import } from '../domain/import.ts';
import { invalidRequest } from '../domain/refusal.ts';
import type { IdempotencyKey } from '../repositories/accept-order.ts';
import { checkRequest } from '../orders/check-request.ts';
import { line } from '../orders/text-schemas.ts';

/** An idempotency key is made of each reference; longer ones are refused. */
const referenceSchema = line(200);

/** Throws VALIDATION for a reference that can't name an order of an import. */
export function checkReference(reference: string): void {
  if (reference === '') throw invalidRequest([{ pointer: '/order_reference', message: 'is empty' }]);
  checkRequest(referenceSchema, reference, '/order_reference');
}

/** Under which an order of an import is known. */
export type ImportKey = Pick<IdempotencyKey, 'subject' | 'key'>;

/**
 * The idempotency key of an order of an import: its reference, and its source if it has one. Orders with a source share their keys across all
 * senders. Without a source, each service has keys of its own, and all staff share theirs. Key and subject begin with a character that no
 * key of `POST /orders` has, and colons are encoded, so that no other order has the same key.
 */
export function importKeyOf(
  { subject, roles }: Pick<Import, 'subject' | 'roles'>,
  reference: string,
  source: string | null,
): ImportKey {
  const name = encodeColons(reference);
  if (source !== null) return { subject: '→sources', key: `→import@${encodeColons(source)}:${name}` };
  return { subject: roles.includes('service') ? subject : '→staff', key: `→import:${name}` };
}

function encodeColons(text: string): string {
  return text.replace(/[%:]/g, encodeURIComponent);
}
