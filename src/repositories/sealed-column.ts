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
  try {
    return open(ring, purpose, stored);
  } catch (error) {
    if (error instanceof DecryptionError) return stored;
    throw error;
  }
}

/** Why a text that {@link openText} returned is still encrypted, as a `DecryptionError` says it; `undefined` when it is not. */
export function explainSealed(purpose: string, text: string): string | undefined {
  if (!isSealedText(text)) return undefined;
  if (!ring) return 'PAYLOAD_KEYS is not set, and this is encrypted';
  try {
    open(ring, purpose, text);
    return undefined;
  } catch (error) {
    if (error instanceof DecryptionError) return error.message;
    throw error;
  }
}

/** Whether a text is still encrypted, since its key is missing. */
export function isSealedText(text: string): boolean {
  return text.startsWith(PREFIX);
}

function open(keys: KeyRing, purpose: string, text: string): string {
  const [, id = '', sealed = ''] = text.split(':');
  return decrypt(keys, id, purpose, Buffer.from(sealed, 'base64')).toString();
}
