import { sql, type Kysely } from 'kysely';

/** Orders, their items and their history. */
export async function createOrders(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence order_number_seq`.execute(db);
  await sql`
    create table orders (
      id uuid primary key,
      -- Collated by bytes, so that the unique index also finds numbers by their beginning.
      order_number text collate "C" not null unique default 'ORD-' || lpad(nextval('order_number_seq')::text, 8, '0'),
      customer_id text not null,
      customer_name text,
      customer_email text,
      customer_phone text,
      -- The shop's own number of the order.
      reference text,
      -- Where the shop got it from, such as a marketplace.
      source text,
      -- The language of messages to the customer, BCP 47.
      locale text,
      status text not null default 'PENDING' check (status in (
        'PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED', 'REFUNDED', 'PAYMENT_FAILED', 'CANCELLED')),
      payment_status text not null default 'PENDING' check (payment_status in (
        'PENDING', 'QUEUED', 'UNKNOWN', 'ACTION_REQUIRED', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED')),
      saga_state text not null default 'RUNNING' check (saga_state in (
        'RUNNING', 'COMPENSATING', 'NEEDS_ATTENTION', 'COMPENSATED', 'COMPLETED')),
      version integer not null default 1,
      currency text not null check (length(currency) = 3),
      subtotal_minor bigint not null check (subtotal_minor >= 0),
      discount_minor bigint not null check (discount_minor >= 0),
      -- In thousandths of a percent.
      tax_rate integer not null default 0 check (tax_rate between 0 and 100000),
      tax_minor bigint not null check (tax_minor >= 0),
      -- The prices hold the tax already, which is then not part of the sum.
      tax_included boolean not null default false,
      shipping_minor bigint not null check (shipping_minor >= 0),
      -- Gift wrap, handling and the like.
      fees_minor bigint not null default 0 check (fees_minor >= 0),
      total_minor bigint not null check (total_minor = subtotal_minor - discount_minor
        + case when tax_included then 0 else tax_minor end + shipping_minor + fees_minor),
      refunded_minor bigint not null default 0 check (refunded_minor between 0 and total_minor),
      -- What was paid outside the payment service, and waits for a person to give it back.
      refund_due_minor bigint not null default 0 check (refund_due_minor >= 0),
      coupon_code text,
      -- What the coupon granted when the order was placed; later changes of the coupon don't change the order.
      coupon_terms jsonb,
      payment_method text not null,
      payment_parts jsonb,
      -- EXTERNAL: an order that was taken in from another system, where it was paid or is to be paid.
      payment_provider text not null default 'PAYMENT_SERVICE' check (payment_provider in ('PAYMENT_SERVICE', 'EXTERNAL')),
      -- The trace in which it was placed, as a W3C traceparent; null where nothing is traced.
      traceparent text,
      payment_id text,
      payment_retry_until timestamptz,
      -- What the customer has to do before a payment goes on: its idempotency key, until when, and how, sealed.
      payment_action jsonb,
      amend_until timestamptz,
      reservation_id text,
      shipping_address jsonb not null,
      billing_address jsonb,
      shipping_method text,
      notes text,
      metadata jsonb not null,
      tracking jsonb,
      cancellation_reason text,
      failure jsonb,
      batch_id text,
      placed_by text not null,
      -- The subject of the service or administrator that placed it for its customer; null when the customer did.
      placed_by_service text,
      -- The request that it was placed with, for the logs of what a relay does for it later.
      request_id text,
      -- The customer could not be notified, and no operator has decided about it.
      notification_failed boolean not null default false,
      -- A dispute about its payment is open.
      is_disputed boolean not null default false,
      -- Since when it needs somebody's attention; null while it needs none. A trigger keeps it.
      attention_since timestamptz,
      workflow_started boolean not null default false,
      start_claimed_at timestamptz,
      reconciled_at timestamptz not null default '-infinity',
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
  await createOrderIndexes(db);
  await createAttentionTrigger(db);

  await sql`
    create table order_items (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      position smallint not null,
      product_id text not null,
      sku text not null,
      name text not null,
      -- The variant of the product, as the shop names it.
      variant_id text,
      unit_price_minor bigint not null check (unit_price_minor >= 0),
      -- A discount of this very line, which is a part of the order's.
      discount_minor bigint not null default 0 check (discount_minor >= 0),
      quantity integer not null check (quantity > 0),
      shipped_quantity integer not null default 0,
      returned_quantity integer not null default 0,
      -- The line to which units were added at another price, which are this line. No foreign key: lines come and go together.
      split_from uuid,
      constraint order_items_shipped_check check (shipped_quantity between 0 and quantity),
      constraint order_items_returned_check check (returned_quantity between 0 and shipped_quantity),
      unique (order_id, position)
    )`.execute(db);

  await sql`
    create table order_status_history (
      order_id uuid not null references orders on delete cascade,
      version integer not null,
      change text not null default 'STATUS' check (change in (
        'STATUS', 'DETAILS', 'ITEMS', 'SHIPMENT', 'RETURN', 'REFUND', 'SHORTAGE',
        'PARKED', 'RETRIED', 'SKIPPED', 'RESOLVED', 'TERMINATED', 'RESUMED', 'NOTIFICATION', 'DISPUTE', 'REVIEW', 'REVIEWED')),
      -- The step of a saga that it is about, if it is about one.
      step text,
      from_status text,
      to_status text not null,
      actor text not null,
      reason text,
      -- Names the change within its order: a repeated write finds its key and changes nothing.
      transition_key text not null,
      at timestamptz not null default now(),
      primary key (order_id, version),
      unique (order_id, transition_key)
    )`.execute(db);
}

/** Every write of an order pays for each index. All lists are sorted by (created_at, id), and so is the index of each filter: a page is read straight from it. */
async function createOrderIndexes(db: Kysely<unknown>): Promise<void> {
  // Reports read a range of days from this index alone: an order's row is ten times as wide as the columns that they need.
  await sql`
    create index orders_created_idx on orders (created_at desc, id desc)
      include (status, currency, total_minor, refunded_minor, discount_minor, confirmed_at, shipped_at, delivered_at)`.execute(
    db,
  );
  await sql`create index orders_customer_idx on orders (customer_id, created_at desc, id desc)`.execute(db);
  await sql`create index orders_status_idx on orders (status, created_at desc, id desc)`.execute(db);
  await sql`create index orders_payment_status_idx on orders (payment_status, created_at desc, id desc)`.execute(db);
  await sql`
    create index orders_service_idx on orders (placed_by_service, created_at desc, id desc)
    where placed_by_service is not null`.execute(db);
  await sql`
    create index orders_batch_idx on orders (batch_id, created_at desc, id desc)
    where batch_id is not null`.execute(db);
  await sql`
    create index orders_source_idx on orders (source, created_at desc, id desc)
    where source is not null`.execute(db);
  await sql`
    create index orders_attention_idx on orders (created_at desc, id desc)
    where saga_state = 'NEEDS_ATTENTION' or notification_failed`.execute(db);
  // The longest wait comes first.
  await sql`
    create index orders_attention_since_idx on orders (attention_since, id) where attention_since is not null`.execute(
    db,
  );
  await sql`create index orders_notification_failed_idx on orders (id) where notification_failed`.execute(db);
  // Nearly every order is COMPLETED, and those are found along the index of all.
  await sql`
    create index orders_saga_state_idx on orders (saga_state, created_at desc, id desc)
    where saga_state <> 'COMPLETED'`.execute(db);
  // Queues of work; few orders are ever in one.
  await sql`
    create index orders_payment_failed_idx on orders (payment_retry_until) where status = 'PAYMENT_FAILED'`.execute(db);
  await sql`create index orders_backordered_idx on orders (amend_until) where amend_until is not null`.execute(db);
  await sql`create index orders_refund_due_idx on orders (updated_at) where refund_due_minor > 0`.execute(db);
  await sql`
    create index orders_to_start_idx on orders (created_at, id)
    where not workflow_started and status = 'PENDING'`.execute(db);
  // Those that were started and have not gone on; an order that goes well is never there.
  await sql`
    create index orders_begun_idx on orders (created_at, id)
    where workflow_started and status = 'PENDING'`.execute(db);
  // The reconciler takes the orders that it hasn't looked at for longest.
  await sql`
    create index orders_to_reconcile_idx on orders (reconciled_at)
    where status not in ('CANCELLED', 'REFUNDED')`.execute(db);
  // The reconciler looks at orders that have just become final; those that are closed for long are archived.
  await sql`
    create index orders_ended_idx on orders (updated_at, reconciled_at)
    where status in ('CANCELLED', 'REFUNDED', 'DELIVERED')`.execute(db);
}

/** Keeps `attention_since` right, whichever statement writes the state of the saga. */
async function createAttentionTrigger(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function note_attention() returns trigger language plpgsql as $$
    begin
      new.attention_since := case
        when not (new.saga_state = 'NEEDS_ATTENTION' or new.notification_failed) then null
        when tg_op = 'INSERT' then coalesce(new.attention_since, now())
        else now() end;
      return new;
    end $$`.execute(db);
  await sql`
    create trigger orders_accepted_attention before insert on orders
    for each row when (new.saga_state = 'NEEDS_ATTENTION' or new.notification_failed) execute function note_attention()`.execute(
    db,
  );
  await sql`
    create trigger orders_attention before update of saga_state, notification_failed on orders
    for each row when (
      (old.saga_state = 'NEEDS_ATTENTION' or old.notification_failed) is distinct from
      (new.saga_state = 'NEEDS_ATTENTION' or new.notification_failed))
    execute function note_attention()`.execute(db);
}
