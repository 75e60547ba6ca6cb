import { decrypt, DecryptionError, encrypt, type KeyRing } from '../key-ring.ts';

/** What an encrypted text begins with; no text that is kept in such a column begins so. */
const PREFIX = 'enc:';

/** The keys of this process, which are the same for each database that it opens. */
let ring: KeyRing | undefined;

/** Encrypts, from now on, what this process writes into sealed columns; what was written before is still read as it is. */
export function encryptColumns(keys: KeyRing): void {
  ring = keys;
}

/** A text as its column holds it: `enc:<key id>:<base64>` when this process encrypts, else the text itself. What is sealed for one `purpose` is nothing for another. */
export function sealText(purpose: string, text: string): string {
  if (!ring || isSealedText(text)) return text;
  return `${PREFIX}${ring.current}:${encrypt(ring, purpose, Buffer.from(text)).toString('base64')}`;
}

/** The text that a column holds; as it is stored when its key is missing, which {@link isSealedText} tells. */
export function openText(purpose: string, stored: string): string {
  if (!ring || !isSealedText(stored)) return stored;
  const [, id = '', sealed = ''] = stored.split(':');
  try {
    return decrypt(ring, id, purpose, Buffer.from(sealed, 'base64')).toString();
  } catch (error) {
    if (error instanceof DecryptionError) return stored;
    throw error;
  }
}

/** Whether a text is still encrypted, since its key is missing. */
export function isSealedText(text: string): boolean {
  return text.startsWith(PREFIX);
}
