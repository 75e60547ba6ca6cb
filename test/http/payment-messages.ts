import { uuidv7 } from 'uuidv7';
import { Webhook } from 'standardwebhooks';
import type { ApiAnswer, ApiRig } from './api-rig.ts';

/** What the payment service of the tests signs with. */
export const PAYMENT_WEBHOOK_SECRET = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;

/** Where its messages go. */
export const PATH = '/api/v1/webhooks/payments';

/** A message that an order's charge of 25.00 EUR was captured, with what differs from that. */
export function messageAbout(orderId: string, data: object = {}, more: object = {}): string {
  const charge = { payment_id: 'p1', order_id: orderId, idempotency_key: `${orderId}:charge:1` };
  const whole = { ...charge, amount: '25.00', currency: 'EUR', ...data };
  return JSON.stringify({ type: 'payment.captured', timestamp: '2026-11-21T09:30:00Z', data: whole, ...more });
}

/** How a message is sent: by default under a new id, now, signed as the payment service does. */
export interface SentAs {
  id?: string;
  at?: Date;
  secret?: string;
  /** What is signed, where it is not the body. */
  signed?: string;
  /** Where it goes, when it is not of the payment service. */
  path?: string;
}

/** Sends a message, signed. */
export function sendWebhook(
  rig: Pick<ApiRig, 'request'>,
  body: string,
  { id = uuidv7(), at = new Date(), secret = PAYMENT_WEBHOOK_SECRET, signed = body, path = PATH }: SentAs = {},
): Promise<ApiAnswer> {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, signed),
  };
  return rig.request('POST', path, { as: null, body, headers });
}
