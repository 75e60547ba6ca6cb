import { sql, type Kysely } from 'kysely';

/** What is remembered of payment intents at Stripe, which knows no tombstones. */
export async function createStripeIntents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stripe_intents (
      -- The charge's.
      idempotency_key text primary key,
      order_id text not null,
      -- Null until an answer has told it.
      intent_id text unique,
      keys_used integer not null default 0 check (keys_used >= 0),
      started_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index stripe_intents_order_idx on stripe_intents (order_id)`.execute(db);
  // The oldest are removed once their orders are archived.
  await sql`create index stripe_intents_started_idx on stripe_intents (started_at)`.execute(db);
  await sql`
    create table stripe_voids (
      -- An order's id, or a charge's key.
      voided text primary key,
      voided_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index stripe_voids_at_idx on stripe_voids (voided_at)`.execute(db);
}
