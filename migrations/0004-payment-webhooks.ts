import { sql, type Kysely } from 'kysely';
import { webhookEffects } from '../src/domain/payment-webhook.ts';

/** What the payment service said of charges by itself, each message once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table payment_webhooks (
      id text primary key,
      -- As the message has it: it may name an order that there is not.
      order_id text not null,
      idempotency_key text not null,
      outcome text not null check (outcome in ('captured', 'declined')),
      payment_id text not null,
      decline_code text,
      amount_minor bigint not null check (amount_minor >= 0),
      currency text not null,
      -- What came of it; null while it is being followed, or when that was cut short.
      effect text check (effect in (${sql.join(webhookEffects.map((effect) => sql.lit(effect)))})),
      deliveries integer not null default 1,
      received_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index payment_webhooks_key_idx on payment_webhooks (idempotency_key)`.execute(db);
}

/** Removes them. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table payment_webhooks`.execute(db);
}
