/**
 * The idempotency key of a file's order among its owner's: its reference. It begins with a character that no key of `POST /orders` has, and a
 * colon in the reference is encoded: no other order has the same key.
 */
export function importKeyOf(reference: string): string {
  return `→import:${reference.replace(/[%:]/g, encodeURIComponent)}`;
}
