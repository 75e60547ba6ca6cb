import { randomBytes } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/**
 * The headers of a message that is sent now, signed with `secret` (`whsec_…`) as https://www.standardwebhooks.com says, and
 * with each of the `previous` ones as well, for receivers that don't know the new secret yet.
 */
export function signedHeaders(
  secret: string,
  id: string,
  body: string,
  previous: readonly string[] = [],
): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': [secret, ...previous].map((one) => new Webhook(one).sign(id, now, body)).join(' '),
  };
}

/** A new secret of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export function createSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** How far from now a message may have been signed; what {@link faultOfSignature} allows. */
const TOLERANCE_SECONDS = 5 * 60;

/** Why the headers alone show that a message can't be taken for its sender's, before its body is read; `undefined` when they don't. */
export function faultOfSignedHeaders(headers: Record<string, string>): string | undefined {
  const isComplete = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].every((name) => headers[name]);
  if (!isComplete) return 'Missing required headers';
  const ageSeconds = Date.now() / 1_000 - Number(headers['webhook-timestamp']);
  return Math.abs(ageSeconds) <= TOLERANCE_SECONDS + 1 ? undefined : 'Message timestamp too old or too new';
}

/** Why a message is not taken for its sender's; `undefined` when it is: signed with `secret`, within five minutes of now. */
export function faultOfSignature(secret: string, headers: Record<string, string>, body: string): string | undefined {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
    throw error;
  }
}
