/** The services that send messages. */
export type WebhookChannel = 'payments' | 'inventory' | 'shipping';

/** A row of a message; exactly `body` is signed and sent. */
export interface WebhookRow {
  id: string;
  channel: WebhookChannel;
  payment_id: string | null;
  order_id: string;
  body: string;
  attempts: number;
  last_error: string | null;
  delivered_at: Date | null;
  created_at: Date;
}

/** Inserts a message unless there is one with its key. $1 id, $2 key, $3 channel, $4 payment or null, $5 order, $6 body. */
export const storeWebhook = {
  name: 'sandbox-webhook-store',
  text: `INSERT INTO sandbox.webhooks (id, key, channel, payment_id, order_id, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (key) DO NOTHING`,
};

/** Lists messages, newest first. $1 order or null, $2 limit. */
export const webhooks = {
  name: 'sandbox-webhooks',
  text: 'SELECT * FROM sandbox.webhooks WHERE $1::text IS NULL OR order_id = $1 ORDER BY id DESC LIMIT $2',
};

/** Makes a message due. $1 id. */
export const resend = {
  name: 'sandbox-webhook-resend',
  text: 'UPDATE sandbox.webhooks SET delivered_at = NULL, next_attempt_at = now() WHERE id = $1 RETURNING *',
};

/** Claims due messages for the time that an attempt may take. $1 limit, $2 milliseconds. */
export const takeDue = {
  name: 'sandbox-webhooks-due',
  text: `
    UPDATE sandbox.webhooks SET attempts = attempts + 1, next_attempt_at = now() + $2::double precision * interval '1 millisecond'
    WHERE id IN (
      SELECT id FROM sandbox.webhooks WHERE delivered_at IS NULL AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING *`,
};

/** Returns a row when any message is undelivered. */
export const anyUndelivered = {
  name: 'sandbox-webhooks-any',
  text: 'SELECT 1 AS one FROM sandbox.webhooks WHERE delivered_at IS NULL LIMIT 1',
};

/** Marks a message as delivered. $1 id. */
export const delivered = {
  name: 'sandbox-webhook-delivered',
  text: 'UPDATE sandbox.webhooks SET delivered_at = now(), last_error = NULL WHERE id = $1',
};

/** Schedules the next attempt: a quarter of a second after the first one, doubling up to half a minute. $1 id, $2 reason. */
export const failed = {
  name: 'sandbox-webhook-failed',
  text: `
    UPDATE sandbox.webhooks SET last_error = $2,
      next_attempt_at = now() + least(interval '30 seconds', interval '125 milliseconds' * power(2, least(attempts, 10)))
    WHERE id = $1`,
};
