import { sql, type Expression, type RawBuilder } from 'kysely';
import { LRUCache } from 'lru-cache';
import { decrypt, DecryptionError, encrypt, KEYS_NOT_SET, type KeyRing } from '../key-ring.ts';

/** What an encrypted text begins with; no text that is kept in such a column begins so. */
const PREFIX = 'enc:';

/** The keys of this process, which are the same for each database that it opens. */
let ring: KeyRing | undefined;

/** What was opened last, by what it was sealed for and what its column holds: who waits for an order reads it several times. */
const opened = new LRUCache<string, string>({ max: 2_000 });

/** Encrypts, from now on, what this process writes into sealed columns; what was written before is still read as it is. */
export function encryptColumns(keys: KeyRing): void {
  ring = keys;
  opened.clear();
}

/** A text as its column holds it: `enc:<key id>:<base64>` when this process encrypts, else the text itself. What is sealed for one `purpose` is nothing for another. */
export function sealText(purpose: string, text: string): string {
  if (!ring || isSealedText(text)) return text;
  return `${PREFIX}${ring.current}:${encrypt(ring, purpose, Buffer.from(text)).toString('base64')}`;
}

/** The text that a column holds; as it is stored when its key is missing, which {@link isSealedText} tells. */
export function openText(purpose: string, stored: string): string {
  const found = tryToOpen(purpose, stored);
  return 'text' in found ? found.text : stored;
}

/** Why a column's text can't be decrypted, as a `DecryptionError` says it; `undefined` when it can, or is not encrypted. */
export function explainSealed(purpose: string, stored: string): string | undefined {
  const found = tryToOpen(purpose, stored);
  return 'why' in found ? found.why : undefined;
}

/** Whether a text is still encrypted, since its key is missing. */
export function isSealedText(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** The ids of the keys that this process has. */
export function listKeyIds(): readonly string[] {
  return [...(ring?.keys.keys() ?? [])];
}

/** Whether a column's text can be read by a process that has the keys `keyIds`; one under the same id may still be another key. */
export function isReadableWith(column: Expression<string>, keyIds: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`(not starts_with(${column}, ${sql.lit(PREFIX)}) or split_part(${column}, ':', 2) = any(${keyIds}::text[]))`;
}

function tryToOpen(purpose: string, stored: string): { readonly text: string } | { readonly why: string } {
  if (!isSealedText(stored)) return { text: stored };
  if (!ring) return { why: KEYS_NOT_SET };
  const known = opened.get(`${purpose}:${stored}`);
  if (known !== undefined) return { text: known };
  const [, id = '', sealed = ''] = stored.split(':');
  try {
    const text = decrypt(ring, id, purpose, Buffer.from(sealed, 'base64')).toString();
    opened.set(`${purpose}:${stored}`, text);
    return { text };
  } catch (error) {
    if (error instanceof DecryptionError) return { why: error.message };
    throw error;
  }
}
