import { sql, type Kysely } from 'kysely';

/** What customers are told about their orders beside the confirmation. */
export async function createOrderMessages(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table order_messages (
      -- Its idempotency key, wherever it goes.
      key text primary key,
      -- No foreign key: it would wait for whoever has the order locked, and make him wait.
      order_id uuid not null,
      type text not null check (type in (
        'ORDER_CONFIRMED', 'PAYMENT_FAILED', 'PAYMENT_ACTION_REQUIRED', 'ORDER_SHIPPED', 'ORDER_DELIVERED', 'ORDER_CANCELLED',
        'ORDER_REFUNDED', 'RETURN_RECEIVED')),
      -- What of the order it is about, such as a shipment.
      about jsonb not null default '{}',
      state text not null default 'PENDING' check (state in ('PENDING', 'SENT', 'FAILED', 'SKIPPED')),
      attempts integer not null default 0,
      next_attempt_at timestamptz not null default now(),
      last_error text,
      -- What was said, once it has been tried; whom to is masked.
      content jsonb,
      recipient text,
      -- Who asked for it to be sent again.
      requested_by text,
      created_at timestamptz not null default now(),
      -- How long it has been tried is counted from here.
      tried_since timestamptz not null default now(),
      sent_at timestamptz
    )`.execute(db);
  await sql`create index order_messages_order_idx on order_messages (order_id, created_at)`.execute(db);
  await sql`create index order_messages_due_idx on order_messages (next_attempt_at) where state = 'PENDING'`.execute(
    db,
  );
  await sql`create index order_messages_failed_idx on order_messages (created_at, key) where state = 'FAILED'`.execute(
    db,
  );
}
