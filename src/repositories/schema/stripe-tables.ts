import type { Generated } from 'kysely';

/** Payment intents that were asked for at Stripe, by the keys of their charges. */
export interface StripeIntentsTable {
  idempotency_key: string;
  order_id: string;
  intent_id: string | null;
  keys_used: Generated<number>;
  started_at: Generated<Date>;
}

/** Orders and charges that nothing may be charged for any more. */
export interface StripeVoidsTable {
  voided: string;
  voided_at: Generated<Date>;
}
