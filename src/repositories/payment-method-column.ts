import { decrypt, DecryptionError, encrypt, type KeyRing } from '../key-ring.ts';

/** What an encrypted payment method begins with; no token of a payment service has a colon. */
const PREFIX = 'enc:';

/** What payment methods are encrypted for: a payload is none, and the other way round. */
const PURPOSE = 'payment-method';

/** The keys of this process, which are the same for each database that it opens. */
let ring: KeyRing | undefined;

/** Encrypts, from now on, each payment method that this process writes; what was written before is still read as it is. */
export function encryptPaymentMethods(keys: KeyRing): void {
  ring = keys;
}

/** A payment method as its column holds it: `enc:<key id>:<base64>` when this process encrypts, else the token itself. */
export function sealPaymentMethod(token: string): string {
  if (!ring || isSealed(token)) return token;
  return `${PREFIX}${ring.current}:${encrypt(ring, PURPOSE, Buffer.from(token)).toString('base64')}`;
}

/** The token that a column holds; as it is stored when its key is missing, which {@link isSealed} tells. */
export function openPaymentMethod(stored: string): string {
  if (!ring || !isSealed(stored)) return stored;
  const [, id = '', sealed = ''] = stored.split(':');
  try {
    return decrypt(ring, id, PURPOSE, Buffer.from(sealed, 'base64')).toString();
  } catch (error) {
    if (error instanceof DecryptionError) return stored;
    throw error;
  }
}

/** Whether a payment method is still encrypted, since its key is missing: nothing can be charged to it. */
export function isSealed(paymentMethod: string): boolean {
  return paymentMethod.startsWith(PREFIX);
}
