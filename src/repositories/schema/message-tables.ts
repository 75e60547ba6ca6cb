import type { Generated } from 'kysely';
import type { DeliveryState } from '../../domain/event-delivery.ts';
import type { PaymentWebhook, WebhookEffect } from '../../domain/payment-webhook.ts';
import type { Json } from './json-columns.ts';

/** Events to be published, written with the change that they report. */
export interface OutboxTable {
  id: Generated<number>;
  subject_id: string;
  type: string;
  payload: Json<Record<string, unknown>>;
  traceparent: Generated<string | null>;
  created_at: Generated<Date>;
  /** Its place in the sequence that sinks follow; null until it has one. */
  position: number | null;
  sequenced_at: Date | null;
}

/** One row: the last position that was given, and the process that publishes. */
export interface EventSequenceTable {
  is_only: Generated<boolean>;
  position: Generated<number>;
  leased_by: string | null;
  leased_until: Generated<Date>;
}

/** How far each sink is, and since when it fails. */
export interface EventSinksTable {
  name: string;
  position: number;
  attempts: Generated<number>;
  retry_at: Generated<Date>;
  last_error: string | null;
  failing_since: Date | null;
  updated_at: Generated<Date>;
}

/** Events that a sink has rejected, those that wait behind them, and everything that a webhook endpoint is sent. */
export interface EventDeliveriesTable {
  sink: string;
  event_id: number;
  subject_id: string;
  position: number;
  type: string;
  state: Generated<DeliveryState>;
  attempts: Generated<number>;
  next_attempt_at: Generated<Date>;
  first_attempt_at: Date | null;
  last_attempt_at: Date | null;
  last_error: string | null;
  response_status: number | null;
  duration_ms: number | null;
  delivered_at: Date | null;
  created_at: Generated<Date>;
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
