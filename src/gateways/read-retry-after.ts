/** A service that asks for more than this has set its clock wrong, or shall be looked at by a person. */
const MAX_MS = 24 * 60 * 60_000;

/** What a `Retry-After` header asks for, in milliseconds: seconds, or a date; `undefined` when it asks for nothing that can be read. */
export function readRetryAfter(header: string | readonly string[] | undefined): number | undefined {
  const text = typeof header === 'string' ? header.trim() : undefined;
  if (text === undefined || text === '') return undefined;
  const delayMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return delayMs > 0 ? Math.min(Math.ceil(delayMs), MAX_MS) : undefined;
}
