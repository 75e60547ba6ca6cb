import { sql, type Kysely } from 'kysely';

/** Reviews of orders. An order has rows here only where orders are reviewed. */
export async function createReviews(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table order_reviews (
      -- The idempotency key of the review.
      key text primary key,
      order_id uuid not null references orders on delete cascade,
      occasion text not null check (occasion in ('placed', 'payment_retried', 'amended')),
      customer_id text not null,
      -- They tell payment methods and addresses from each other, and nothing else about them.
      payment_method_hashes text[] not null,
      shipping_address_hash text not null,
      -- Null until there is one.
      verdict text check (verdict in ('approve', 'review', 'reject')),
      reasons jsonb not null default '[]',
      -- Until when a person may decide; null when none has to.
      decide_until timestamptz,
      decision text check (decision in ('approve', 'reject')),
      decided_by text,
      decision_reason text,
      decided_at timestamptz,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index order_reviews_order_idx on order_reviews (order_id)`.execute(db);
  await sql`
    create index order_reviews_open_idx on order_reviews (decide_until)
    where verdict = 'review' and decision is null`.execute(db);
  // What was ordered lately with the same payment method, to the same address, and by the same customer.
  await sql`create index order_reviews_method_idx on order_reviews using gin (payment_method_hashes)`.execute(db);
  await sql`create index order_reviews_address_idx on order_reviews (shipping_address_hash, at)`.execute(db);
  await sql`create index order_reviews_customer_idx on order_reviews (customer_id, at)`.execute(db);
}
