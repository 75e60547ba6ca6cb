import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** The headers of a message that is sent now, signed with `secret` (`whsec_…`) as https://www.standardwebhooks.com says. */
export function signedHeaders(secret: string, id: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
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
