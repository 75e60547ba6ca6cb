import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';

/** An id that a caller's idempotency key always gives again, told apart by whatever else is in `parts`; a new one without a key. */
export function keyedId(key: string | undefined, parts: readonly string[]): string {
  if (key === undefined) return uuidv7();
  const hex = createHash('sha256')
    .update(JSON.stringify([...parts, key]))
    .digest('hex');
  // Version 8: a custom UUID (RFC 9562, 5.8).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
