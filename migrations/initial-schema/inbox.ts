import { sql, type Kysely } from 'kysely';

/** What the payment service sends. */
export async function createMessages(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table payment_webhooks (
      id text primary key,
      -- As the message has it: there may be no such order, so it is no foreign key.
      order_id text not null,
      idempotency_key text not null,
      outcome text not null check (outcome in ('captured', 'declined')),
      payment_id text not null,
      decline_code text,
      amount_minor bigint not null check (amount_minor >= 0),
      currency text not null,
      -- What the message led to; null while it is being handled, or if that was interrupted.
      effect text check (effect in ('SIGNALLED', 'RECORDED', 'REFUNDED', 'UNKNOWN_ORDER', 'MISMATCH')),
      deliveries integer not null default 1,
      received_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index payment_webhooks_received_idx on payment_webhooks (received_at, id)`.execute(db);
  await sql`create index payment_webhooks_key_idx on payment_webhooks (idempotency_key)`.execute(db);
  await sql`
    create index payment_webhooks_captured_idx on payment_webhooks (order_id)
    where outcome = 'captured'`.execute(db);
}

/** Events of other services, each kept until it is applied to its order, and what the payment service's disputes have come to. */
export async function createInbox(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table inbox (
      -- Who sent it, and which event of theirs it is.
      source text not null,
      id text not null,
      type text not null,
      -- The order that it names; no foreign key: there may be no such order, or not yet.
      subject_id uuid,
      payload jsonb not null,
      state text not null default 'RECEIVED' check (state in ('RECEIVED', 'APPLIED', 'WAITING', 'DEAD', 'IGNORED')),
      attempts integer not null default 0,
      attempted_at timestamptz,
      next_attempt_at timestamptz not null default now(),
      last_error text,
      deliveries integer not null default 1,
      received_at timestamptz not null default now(),
      -- Since when it is tried: an operator may let it begin again.
      tried_since timestamptz not null default now(),
      handled_at timestamptz,
      primary key (source, id)
    )`.execute(db);
  await sql`create index inbox_due_idx on inbox (next_attempt_at) where state in ('RECEIVED', 'WAITING')`.execute(db);
  await sql`create index inbox_waiting_idx on inbox (subject_id) where state = 'WAITING'`.execute(db);
  await sql`create index inbox_dead_idx on inbox (received_at, source, id) where state = 'DEAD'`.execute(db);
  await sql`create index inbox_handled_idx on inbox (handled_at) where state in ('APPLIED', 'IGNORED')`.execute(db);

  await sql`
    create table order_disputes (
      order_id uuid not null references orders on delete cascade,
      -- As the payment service calls it.
      dispute_id text not null,
      state text not null check (state in ('OPEN', 'WON', 'LOST')),
      amount_minor bigint not null check (amount_minor > 0),
      currency text not null,
      reason text,
      -- Until when the payment service takes evidence.
      respond_by timestamptz,
      opened_at timestamptz not null default now(),
      closed_at timestamptz,
      primary key (order_id, dispute_id)
    )`.execute(db);
  await sql`create index order_disputes_open_idx on order_disputes (respond_by) where state = 'OPEN'`.execute(db);
  // Whatever an order's sagas come to, it needs attention while its payment is disputed.
  await sql`
    create function keep_disputed() returns trigger language plpgsql as $$
    begin
      new.saga_state := 'NEEDS_ATTENTION';
      return new;
    end $$`.execute(db);
  await sql`
    create trigger orders_disputed before update on orders for each row
    when (new.is_disputed and new.saga_state in ('COMPLETED', 'COMPENSATED')) execute function keep_disputed()`.execute(
    db,
  );
}
