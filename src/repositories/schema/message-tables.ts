import type { Generated } from 'kysely';
import type { PaymentWebhook, WebhookEffect } from '../../domain/payment-webhook.ts';
import type { Json } from './json-columns.ts';

/** Events to be published, written with the change that they report. */
export interface OutboxTable {
  id: Generated<number>;
  order_id: string;
  type: string;
  payload: Json<Record<string, unknown>>;
  traceparent: Generated<string | null>;
  created_at: Generated<Date>;
  published_at: Date | null;
  attempts: Generated<number>;
  retry_at: Generated<Date>;
}

/** Messages that the payment service sent by itself, each once. */
export interface PaymentWebhooksTable {
  id: string;
  order_id: string;
  idempotency_key: string;
  outcome: PaymentWebhook['outcome'];
  payment_id: string;
  decline_code: string | null;
  amount_minor: number;
  currency: string;
  effect: WebhookEffect | null;
  deliveries: Generated<number>;
  received_at: Generated<Date>;
}
