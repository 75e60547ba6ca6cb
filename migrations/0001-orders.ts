import { sql, type Kysely } from 'kysely';
import { orderStatuses } from '../src/domain/order-status.ts';
import { paymentStatuses } from '../src/domain/payment-status.ts';
import { sagaStates, stepStates } from '../src/domain/saga.ts';

/** The order projection: orders, items, history, payment transactions, saga ledger, outbox, idempotency keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence order_number_seq`.execute(db);
  await sql`
    create table orders (
      id uuid primary key,
      order_number text not null unique default 'ORD-' || lpad(nextval('order_number_seq')::text, 8, '0'),
      customer_id text not null,
      status text not null default 'PENDING' check (status in (${literals(orderStatuses)})),
      payment_status text not null default 'PENDING' check (payment_status in (${literals(paymentStatuses)})),
      saga_state text not null default 'RUNNING' check (saga_state in (${literals(sagaStates)})),
      version integer not null default 1,
      currency text not null check (length(currency) = 3),
      subtotal_minor bigint not null check (subtotal_minor >= 0),
      discount_minor bigint not null check (discount_minor >= 0),
      tax_minor bigint not null check (tax_minor >= 0),
      shipping_minor bigint not null check (shipping_minor >= 0),
      total_minor bigint not null check (total_minor = subtotal_minor - discount_minor + tax_minor + shipping_minor),
      refunded_minor bigint not null default 0 check (refunded_minor between 0 and total_minor),
      payment_method text not null,
      payment_id text,
      payment_retry_until timestamptz,
      reservation_id text,
      shipping_address jsonb not null,
      billing_address jsonb,
      shipping_method text,
      coupon_code text,
      notes text,
      metadata jsonb not null,
      tracking jsonb,
      cancellation_reason text,
      failure jsonb,
      batch_id text,
      placed_by text not null,
      workflow_started boolean not null default false,
      start_claimed_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      confirmed_at timestamptz,
      processing_at timestamptz,
      shipped_at timestamptz,
      delivered_at timestamptz,
      cancelled_at timestamptz,
      returned_at timestamptz,
      refunded_at timestamptz
    )`.execute(db);
  await sql`create index orders_number_idx on orders (order_number text_pattern_ops)`.execute(db);
  // Every list is ordered by (created_at, id); each filter's index carries that order, so that a page is read straight from it.
  await sql`create index orders_created_idx on orders (created_at desc, id desc)`.execute(db);
  await sql`create index orders_customer_idx on orders (customer_id, created_at desc, id desc)`.execute(db);
  await sql`create index orders_status_idx on orders (status, created_at desc, id desc)`.execute(db);
  await sql`create index orders_payment_status_idx on orders (payment_status, created_at desc, id desc)`.execute(db);
  await sql`create index orders_batch_idx on orders (batch_id, created_at desc, id desc) where batch_id is not null`.execute(
    db,
  );
  await sql`create index orders_attention_idx on orders (created_at desc, id desc) where saga_state = 'NEEDS_ATTENTION'`.execute(
    db,
  );
  await sql`create index orders_to_start_idx on orders (created_at) where not workflow_started and status = 'PENDING'`.execute(
    db,
  );

  await sql`
    create table order_items (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      position smallint not null,
      product_id text not null,
      sku text not null,
      name text not null,
      unit_price_minor bigint not null check (unit_price_minor >= 0),
      quantity integer not null check (quantity > 0),
      unique (order_id, position)
    )`.execute(db);

  await sql`
    create table order_status_history (
      order_id uuid not null references orders on delete cascade,
      version integer not null,
      from_status text,
      to_status text not null,
      actor text not null,
      reason text,
      -- Names the transition within its order; the same one is never applied twice.
      transition_key text not null,
      at timestamptz not null default now(),
      primary key (order_id, version),
      unique (order_id, transition_key)
    )`.execute(db);

  await sql`
    create table order_payment_transactions (
      idempotency_key text primary key,
      order_id uuid not null references orders on delete cascade,
      kind text not null check (kind in ('CHARGE', 'REFUND')),
      status text not null check (status in ('CAPTURED', 'DECLINED', 'REFUNDED')),
      payment_id text,
      amount_minor bigint not null check (amount_minor >= 0),
      currency text not null,
      payment_method text not null,
      decline_code text,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index order_payment_transactions_order_idx on order_payment_transactions (order_id, at)`.execute(db);

  await sql`
    create table order_saga_steps (
      order_id uuid not null references orders on delete cascade,
      step text not null,
      state text not null check (state in (${literals(stepStates)})),
      attempts integer not null,
      last_error text,
      actor text not null,
      started_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (order_id, step)
    )`.execute(db);

  await sql`
    create table outbox (
      id bigint generated always as identity primary key,
      order_id uuid not null,
      type text not null,
      payload jsonb not null,
      created_at timestamptz not null default now(),
      published_at timestamptz
    )`.execute(db);
  await sql`create index outbox_unpublished_idx on outbox (id) where published_at is null`.execute(db);

  await sql`
    create table idempotency_keys (
      subject text not null,
      key text not null,
      body_hash text not null,
      order_id uuid not null references orders on delete cascade,
      created_at timestamptz not null default now(),
      primary key (subject, key)
    )`.execute(db);
}

/** Removes the projection and everything in it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table idempotency_keys, outbox, order_saga_steps, order_payment_transactions, order_status_history, order_items, orders
  `.execute(db);
  await sql`drop sequence order_number_seq`.execute(db);
}

function literals(values: readonly string[]) {
  return sql.join(values.map((value) => sql.lit(value)));
}
