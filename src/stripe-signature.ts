import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far from now an event may have been signed; what Stripe's own libraries allow. */
const TOLERANCE_SECONDS = 5 * 60;

/** Why a `Stripe-Signature` header alone shows that an event is not to be believed, before its body is read; `undefined` when it doesn't. */
export function faultOfStripeHeader(header: string | undefined): string | undefined {
  if (header === undefined) return 'Missing the header Stripe-Signature';
  const { atSeconds, signatures } = readHeader(header);
  if (atSeconds === undefined || signatures.length === 0) return 'Stripe-Signature has no t=… and v1=…';
  const ageSeconds = Date.now() / 1_000 - atSeconds;
  return Math.abs(ageSeconds) <= TOLERANCE_SECONDS ? undefined : 'Event timestamp too old or too new';
}

/** Why an event is not taken for Stripe's; `undefined` when it is: signed with one of the secrets, within five minutes of now. */
export function faultOfStripeSignature(
  secrets: readonly string[],
  header: string | undefined,
  body: string,
): string | undefined {
  const fault = faultOfStripeHeader(header);
  if (fault !== undefined) return fault;
  const { atSeconds, signatures } = readHeader(header ?? '');
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest());
  const isSigned = signatures.some((given) => expected.some((one) => isEqual(given, one)));
  return isSigned ? undefined : 'No matching signature found';
}

/** Signatures of other schemes than `v1` are left out: Stripe says so. */
function readHeader(header: string): { atSeconds: number | undefined; signatures: Buffer[] } {
  let atSeconds: number | undefined;
  const signatures: Buffer[] = [];
  for (const part of header.split(',')) {
    const [, name, value = ''] = /^\s*(\w+)=(\S+)\s*$/.exec(part) ?? [];
    if (name === 't' && /^\d{1,12}$/.test(value)) atSeconds = Number(value);
    if (name === 'v1' && /^[0-9a-f]{64}$/i.test(value)) signatures.push(Buffer.from(value, 'hex'));
  }
  return { atSeconds, signatures };
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
