import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

/** Keys by their ids: `current` encrypts, all decrypt, so that a new key can be put first while the old ones still read. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** What was encrypted can't be decrypted with the keys at hand; the message says what to do, and holds no secret. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/** What is said of encrypted data where there is no key at all. */
export const KEYS_NOT_SET = 'PAYLOAD_KEYS is not set, and this is encrypted';

/** Whether a message is that of a {@link DecryptionError}, perhaps with something in front of it: a key is missing, or is another one. */
export function tellsOfMissingKey(message: string): boolean {
  return /PAYLOAD_KEYS (has (no|another) key|is not set)/.test(message);
}

/** AES-256 takes a key of this many bytes. */
export const KEY_BYTES = 32;

/** As NIST SP 800-38D recommends; random ones are safe for 2^32 encryptions with one key. */
const NONCE_BYTES = 12;

const TAG_BYTES = 16;

/** Makes a ring of one key or more; the first encrypts. */
export function createKeyRing(keys: readonly (readonly [id: string, key: Uint8Array])[]): KeyRing {
  const [first] = keys;
  if (!first) throw new Error('a key ring needs a key');
  return { current: first[0], keys: new Map(keys.map(([id, key]) => [id, createSecretKey(key)])) };
}

/** Encrypts with AES-256-GCM and the current key: nonce, ciphertext, tag. What was encrypted for one `purpose` is nothing for another. */
export function encrypt(ring: KeyRing, purpose: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', requireKey(ring, ring.current), nonce);
  cipher.setAAD(Buffer.from(purpose));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what {@link encrypt} returned under the key `id`. Throws {@link DecryptionError}. */
export function decrypt(ring: KeyRing, id: string, purpose: string, sealed: Uint8Array): Buffer {
  const key = requireKey(ring, id);
  const end = sealed.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch (cause) {
    throw new DecryptionError(`PAYLOAD_KEYS has another key under the id "${id}" than this was encrypted with`, {
      cause,
    });
  }
}

function requireKey({ keys }: KeyRing, id: string): KeyObject {
  const key = keys.get(id);
  if (key) return key;
  // Whoever wrote it has chosen the id.
  throw new DecryptionError(
    `PAYLOAD_KEYS has no key ${JSON.stringify(id.slice(0, 64))}, which this was encrypted with`,
  );
}
