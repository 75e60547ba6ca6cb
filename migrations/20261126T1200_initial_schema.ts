import { sql, type Kysely, type RawBuilder } from 'kysely';

/**
 * The whole schema. Values are literal, so that this file makes the same tables whatever the code's vocabulary becomes;
 * once released it is never edited: a change is a migration of its own.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createOrders(db);
  await createSagaLedger(db);
  await createChangesAfterConfirming(db);
  await createCoupons(db);
  await createImports(db);
  await createOutbox(db);
  await createMessages(db);
  await createInbox(db);
  await createWebhookEndpoints(db);
  await createAccessRecords(db);
  await createFigures(db);
  await createSearch(db);

  await createArchive(db);
  await createPruning(db);
}

/** Drops every table, and all that is in them. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function archive_orders, prune_audit_log, order_search_terms, sequence_events`.execute(db);
  await sql`drop schema archive cascade`.execute(db);
  await sql`
    drop table
      order_search, start_figures, metric_snapshots, order_counts, recent_writers, rate_limits, audit_log, command_keys, idempotency_keys,
      webhook_endpoints, inbox, payment_webhooks, event_deliveries, event_sinks, event_sequence, outbox,
      import_orders, import_rows, imports,
      coupon_redemptions, coupons,
      order_disputes, order_returns, order_amendments, order_edits, order_shipments,
      saga_resolution_orders, saga_resolutions,
      order_stalls, order_saga_steps, order_payment_transactions,
      order_status_history, order_items, orders`.execute(db);
  await sql`drop function keep_disputed, index_accepted_orders, index_changed_order, unindex_deleted_orders, count_accepted_orders, count_moved_order, count_deleted_orders`.execute(
    db,
  );
  await sql`drop sequence order_number_seq`.execute(db);
}

async function createOrders(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence order_number_seq`.execute(db);
  await sql`
    create table orders (
      id uuid primary key,
      -- Collated by bytes, so that the unique index also finds numbers by their beginning.
      order_number text collate "C" not null unique default 'ORD-' || lpad(nextval('order_number_seq')::text, 8, '0'),
      customer_id text not null,
      status text not null default 'PENDING' check (status in (
        'PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED', 'REFUNDED', 'PAYMENT_FAILED', 'CANCELLED')),
      payment_status text not null default 'PENDING' check (payment_status in (
        'PENDING', 'QUEUED', 'UNKNOWN', 'CAPTURED', 'FAILED', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED')),
      saga_state text not null default 'RUNNING' check (saga_state in (
        'RUNNING', 'COMPENSATING', 'NEEDS_ATTENTION', 'COMPENSATED', 'COMPLETED')),
      version integer not null default 1,
      currency text not null check (length(currency) = 3),
      subtotal_minor bigint not null check (subtotal_minor >= 0),
      discount_minor bigint not null check (discount_minor >= 0),
      -- In thousandths of a percent.
      tax_rate integer not null default 0 check (tax_rate between 0 and 100000),
      tax_minor bigint not null check (tax_minor >= 0),
      shipping_minor bigint not null check (shipping_minor >= 0),
      total_minor bigint not null check (total_minor = subtotal_minor - discount_minor + tax_minor + shipping_minor),
      refunded_minor bigint not null default 0 check (refunded_minor between 0 and total_minor),
      coupon_code text,
      -- What the coupon granted when the order was placed; later changes of the coupon don't change the order.
      coupon_terms jsonb,
      payment_method text not null,
      -- The trace in which it was placed, as a W3C traceparent; null where nothing is traced.
      traceparent text,
      payment_id text,
      payment_retry_until timestamptz,
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
        'STATUS', 'DETAILS', 'ITEMS', 'SHIPMENT', 'RETURN', 'SHORTAGE',
        'PARKED', 'RETRIED', 'SKIPPED', 'RESOLVED', 'TERMINATED', 'RESUMED', 'NOTIFICATION', 'DISPUTE')),
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
    create index orders_attention_idx on orders (created_at desc, id desc)
    where saga_state = 'NEEDS_ATTENTION' or notification_failed`.execute(db);
  // Nearly every order is COMPLETED, and those are found along the index of all.
  await sql`
    create index orders_saga_state_idx on orders (saga_state, created_at desc, id desc)
    where saga_state <> 'COMPLETED'`.execute(db);
  await sql`
    create index orders_to_start_idx on orders (created_at)
    where not workflow_started and status = 'PENDING'`.execute(db);
  // The reconciler takes the orders that it hasn't looked at for longest.
  await sql`
    create index orders_to_reconcile_idx on orders (reconciled_at)
    where status not in ('CANCELLED', 'REFUNDED')`.execute(db);
  // The reconciler looks at orders that have just become final; those that are closed for long are archived.
  await sql`
    create index orders_ended_idx on orders (updated_at, reconciled_at)
    where status in ('CANCELLED', 'REFUNDED', 'DELIVERED')`.execute(db);
}

async function createSagaLedger(db: Kysely<unknown>): Promise<void> {
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
      -- EXTERNAL: money that moved outside the payment service, which a person vouches for.
      provider text not null default 'PAYMENT_SERVICE' check (provider in ('PAYMENT_SERVICE', 'EXTERNAL')),
      reference text,
      reason text,
      actor text,
      -- Of a declined charge: the customer, whose declines are counted.
      declined_customer_id text,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create index order_payment_transactions_declined_idx on order_payment_transactions (declined_customer_id, at)
    where status = 'DECLINED'`.execute(db);
  await sql`create index order_payment_transactions_order_idx on order_payment_transactions (order_id, at)`.execute(db);

  await sql`
    create table order_saga_steps (
      order_id uuid not null references orders on delete cascade,
      saga text not null default 'create',
      step text not null,
      state text not null check (state in ('RUNNING', 'DONE', 'REFUSED', 'FAILED', 'SKIPPED', 'RESOLVED', 'INTERRUPTED')),
      attempts integer not null,
      last_error text,
      actor text not null,
      started_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (order_id, saga, step)
    )`.execute(db);
  // Steps that are being retried; those that succeed at once never have this state.
  await sql`create index order_saga_steps_running_idx on order_saga_steps (step, started_at) where state = 'RUNNING'`.execute(
    db,
  );

  await sql`
    create table order_stalls (
      order_id uuid primary key references orders on delete cascade,
      cause text not null check (cause in ('RETRYING', 'NEEDS_ATTENTION', 'PAUSED', 'TASK_FAILING', 'NO_WORKER')),
      step text,
      since timestamptz not null,
      attempts integer not null,
      last_error text,
      seen_at timestamptz not null default now()
    )`.execute(db);

  await sql`
    create table saga_resolutions (
      id uuid primary key,
      -- Whose decision it is.
      subject text not null,
      actor text not null,
      idempotency_key text,
      body_hash text not null,
      filter jsonb not null,
      action text not null check (action in ('retry', 'skip', 'resolve')),
      reason text not null,
      workflow_started boolean not null default false,
      start_claimed_at timestamptz,
      created_at timestamptz not null default now(),
      completed_at timestamptz
    )`.execute(db);
  await sql`
    create unique index saga_resolutions_key_idx on saga_resolutions (subject, idempotency_key)
    where idempotency_key is not null`.execute(db);
  await sql`
    create index saga_resolutions_to_start_idx on saga_resolutions (created_at) where not workflow_started`.execute(db);

  await sql`
    create table saga_resolution_orders (
      resolution_id uuid not null references saga_resolutions on delete cascade,
      position integer not null,
      order_id uuid not null references orders on delete cascade,
      saga text not null,
      step text not null,
      -- When the step was parked: one that was decided and parked again meanwhile is another.
      parked_at timestamptz not null,
      state text not null default 'WAITING' check (state in ('WAITING', 'DECIDED', 'UNCHANGED', 'FAILED')),
      attempts integer not null default 0,
      -- When the decision was first sent; from then on it is sent again under the same id.
      sent_at timestamptz,
      detail text,
      at timestamptz,
      primary key (resolution_id, position)
    )`.execute(db);
  await sql`
    create index saga_resolution_orders_state_idx on saga_resolution_orders (resolution_id, state, attempts, position)`.execute(
    db,
  );
  await sql`create index saga_resolution_orders_order_idx on saga_resolution_orders (order_id)`.execute(db);
}

async function createChangesAfterConfirming(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table order_shipments (
      id uuid primary key default gen_random_uuid(),
      order_id uuid not null references orders on delete cascade,
      -- Names the command that sent it, so that it is written once.
      shipment_key text not null,
      items jsonb not null,
      carrier text,
      tracking_number text,
      actor text not null,
      reason text,
      shipped_at timestamptz not null default now(),
      -- As the carrier says.
      delivered_at timestamptz,
      unique (order_id, shipment_key)
    )`.execute(db);

  await sql`
    create table order_amendments (
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      command_id text not null,
      state text not null check (state in ('PLANNED', 'DONE', 'FAILED')),
      actor text not null,
      reason text,
      items jsonb not null,
      amounts jsonb not null,
      tax_rate integer not null check (tax_rate between 0 and 100000),
      -- Such as the address on which the tax depends.
      details jsonb,
      difference_minor bigint not null,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      primary key (order_id, number),
      unique (order_id, command_id)
    )`.execute(db);
  await sql`
    create index order_amendments_planned_idx on order_amendments (created_at)
    where state = 'PLANNED'`.execute(db);

  await sql`
    create table order_edits (
      order_id uuid not null references orders on delete cascade,
      -- The command that carries it out.
      command_id text not null,
      details jsonb not null,
      created_at timestamptz not null default now(),
      primary key (order_id, command_id)
    )`.execute(db);

  await sql`
    create table order_returns (
      id uuid primary key,
      order_id uuid not null references orders on delete cascade,
      number integer not null,
      state text not null check (state in ('OPEN', 'RESTOCKED', 'REFUNDED', 'UNREFUNDED', 'REJECTED')),
      actor text not null,
      reason text not null,
      items jsonb not null,
      refund_minor bigint not null check (refund_minor >= 0),
      is_whole boolean not null,
      created_at timestamptz not null default now(),
      -- When the relay last told the saga of it; a return that the saga hasn't heard of is told again.
      told_at timestamptz,
      ended_at timestamptz,
      unique (order_id, number)
    )`.execute(db);
  await sql`
    create index order_returns_open_idx on order_returns (created_at)
    where state in ('OPEN', 'RESTOCKED')`.execute(db);
}

async function createCoupons(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table coupons (
      code text primary key check (code = upper(code)),
      kind text not null check (kind in ('percent', 'fixed')),
      value numeric not null check (value > 0),
      currency text check (length(currency) = 3),
      min_subtotal numeric check (min_subtotal >= 0),
      valid_from timestamptz,
      valid_until timestamptz,
      once_per_customer boolean not null,
      max_uses integer check (max_uses > 0),
      active boolean not null,
      -- By orders that are not cancelled. Counted in this row, which serialises two orders that want the last use.
      uses integer not null default 0 check (uses >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (case kind when 'percent' then value <= 100 else currency is not null end),
      check (valid_from < valid_until)
    )`.execute(db);

  await sql`
    create table coupon_redemptions (
      -- No foreign key: that a customer has used a coupon stays when the order is archived.
      order_id uuid primary key,
      code text not null references coupons,
      customer_id text not null,
      once_per_customer boolean not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index coupon_redemptions_customer_idx on coupon_redemptions (code, customer_id)`.execute(db);
  await sql`
    create unique index coupon_redemptions_once_idx on coupon_redemptions (code, customer_id)
    where once_per_customer`.execute(db);
}

async function createImports(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table imports (
      id uuid primary key,
      kind text not null check (kind in ('csv', 'batch')),
      -- UPLOADING until the last byte has arrived: such an import is not shown to anybody, and is removed if it is abandoned.
      status text not null default 'UPLOADING' check (status in (
        'UPLOADING', 'RUNNING', 'PAUSED', 'CANCELLED', 'COMPLETED')),
      status_version integer not null default 0,
      -- Who uploaded it: its orders are placed in their name.
      subject text not null,
      roles text[] not null,
      actor text not null,
      idempotency_key text,
      body_hash text,
      file_name text,
      format jsonb,
      row_count integer not null default 0,
      order_count integer not null default 0,
      workflow_started boolean not null default false,
      start_claimed_at timestamptz,
      touched_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      completed_at timestamptz,
      -- How its orders ended, once their rows are past their retention.
      final_progress jsonb,
      rows_removed_at timestamptz
    )`.execute(db);
  await sql`
    create unique index imports_key_idx on imports (subject, idempotency_key)
    where idempotency_key is not null and status <> 'UPLOADING'`.execute(db);
  await sql`create index imports_open_idx on imports (touched_at) where completed_at is null`.execute(db);
  await sql`create index imports_ended_idx on imports (completed_at) where rows_removed_at is null`.execute(db);

  await sql`
    create table import_rows (
      import_id uuid not null references imports on delete cascade,
      -- The line in the file; the header is line 1.
      line integer not null,
      reference text not null,
      -- Card numbers are masked.
      cells jsonb not null,
      -- What was wrong with it when it was read: its order is refused.
      faults jsonb,
      primary key (import_id, line)
    )`.execute(db);
  await sql`create index import_rows_reference_idx on import_rows (import_id, reference, line)`.execute(db);

  await sql`
    create table import_orders (
      import_id uuid not null references imports on delete cascade,
      position integer not null,
      reference text not null,
      -- Null for an order of a batch.
      first_line integer,
      line_count integer not null,
      -- The order as it was sent in a batch; null for an order of a file, which is made of its lines.
      body jsonb,
      state text not null default 'WAITING' check (state in (
        'WAITING', 'PLACED', 'CONFIRMED', 'FAILED', 'REPEATED', 'CANCELLED')),
      order_id uuid,
      failure jsonb,
      primary key (import_id, position)
    )`.execute(db);
  await sql`create index import_orders_reference_idx on import_orders (import_id, reference)`.execute(db);
  await sql`create index import_orders_state_idx on import_orders (import_id, state, position)`.execute(db);
}

/** The events that the system sends, and how far each sink has got with them. */
async function createOutbox(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      id bigint generated always as identity primary key,
      -- What it is about: an order, or a webhook endpoint.
      subject_id uuid not null,
      type text not null,
      payload jsonb not null,
      -- The trace of its order.
      traceparent text,
      created_at timestamptz not null default now(),
      -- Its place in the sequence that sinks follow; null until it has one.
      position bigint unique,
      sequenced_at timestamptz
    )`.execute(db);
  await sql`create index outbox_unsequenced_idx on outbox (id) where position is null`.execute(db);
  await sql`create index outbox_subject_idx on outbox (subject_id, id)`.execute(db);

  // The last position that was given, and the process that gives them: it has the lease, and publishes.
  await sql`
    create table event_sequence (
      is_only boolean primary key default true check (is_only),
      position bigint not null default 0,
      leased_by text,
      leased_until timestamptz not null default '-infinity'
    ) with (fillfactor = 50)`.execute(db);
  await sql`insert into event_sequence default values`.execute(db);
  await createSequencing(db);

  await sql`
    create table event_sinks (
      name text primary key,
      -- The sink has every event up to here, but for those of event_deliveries.
      position bigint not null,
      -- Since it was last available.
      attempts integer not null default 0,
      retry_at timestamptz not null default '-infinity',
      last_error text,
      failing_since timestamptz,
      -- When a process was last about to deliver to it.
      updated_at timestamptz not null default now()
    ) with (fillfactor = 50)`.execute(db);

  await sql`
    create table event_deliveries (
      -- Collated by bytes, so that an index also finds sinks by the beginning of their names.
      sink text collate "C" not null,
      -- No foreign key: it would be checked for each delivery.
      event_id bigint not null,
      subject_id uuid not null,
      position bigint not null,
      type text not null,
      state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'DEAD', 'SKIPPED')),
      attempts integer not null default 0,
      next_attempt_at timestamptz not null default now(),
      -- Of the attempts that are counted.
      first_attempt_at timestamptz,
      last_attempt_at timestamptz,
      last_error text,
      response_status integer,
      duration_ms integer,
      delivered_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (event_id, sink)
    )`.execute(db);
  await sql`create index event_deliveries_sink_idx on event_deliveries (sink, event_id)`.execute(db);
  await sql`create index event_deliveries_due_idx on event_deliveries (sink, next_attempt_at) where state = 'PENDING'`.execute(
    db,
  );
  await sql`
    create index event_deliveries_done_idx on event_deliveries (created_at)
    where state in ('DELIVERED', 'SKIPPED') and sink like 'webhook:%'`.execute(db);
  await sql`
    create index event_deliveries_open_idx on event_deliveries (subject_id, sink, position)
    where state in ('PENDING', 'DEAD')`.execute(db);
  await sql`create index event_deliveries_dead_idx on event_deliveries (event_id) where state = 'DEAD'`.execute(db);
}

/**
 * Gives events that are committed and have no position the next ones. A subject's lower id is committed before its higher one, so positions keep
 * the order of each subject's events, and an event that is committed late gets a position that no sink has passed.
 */
async function createSequencing(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function sequence_events(process text, most integer)
    returns table (id bigint, subject_id uuid) language plpgsql as $$
    declare
      start bigint;
      sequenced bigint;
    begin
      -- Each statement sees what was committed before it, so the next one sees all that the previous holder of this lock has sequenced.
      select s.position into start from event_sequence s where s.leased_by = process for update skip locked;
      if not found then
        return;
      end if;
      return query
        with unsequenced as materialized (
          select o.id from outbox o where o.position is null order by o.id limit most
        ),
        numbered as (select u.id, start + row_number() over (order by u.id) as position from unsequenced u)
        update outbox o set position = n.position, sequenced_at = clock_timestamp()
        from numbered n where o.id = n.id returning o.id, o.subject_id;
      get diagnostics sequenced = row_count;
      if sequenced > 0 then
        update event_sequence s set position = start + sequenced;
      end if;
    end $$`.execute(db);
}

/** What the payment service sends. */
async function createMessages(db: Kysely<unknown>): Promise<void> {
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
async function createInbox(db: Kysely<unknown>): Promise<void> {
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

/** Who is sent events by webhook. */
async function createWebhookEndpoints(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_endpoints (
      id uuid primary key,
      url text not null,
      event_types text[] not null check (cardinality(event_types) > 0),
      description text,
      enabled boolean not null default true,
      -- Made by settings, and changed by nothing else.
      is_configured boolean not null default false,
      secret text not null,
      previous_secret text,
      previous_secret_until timestamptz,
      disabled_reason text check (disabled_reason in ('BY_HAND', 'GONE', 'FAILING', 'NOT_CONFIGURED')),
      disabled_at timestamptz,
      -- Failures in a row; those of deliveries that were under way together count as one.
      failures integer not null default 0,
      failing_since timestamptz,
      last_failed_at timestamptz,
      -- Nothing is sent before.
      retry_at timestamptz not null default '-infinity',
      last_error text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (enabled = (disabled_reason is null))
    )`.execute(db);
  await sql`create unique index webhook_endpoints_configured_idx on webhook_endpoints (is_configured) where is_configured`.execute(
    db,
  );
}

/** What callers asked: under which key, by which staff, how often. */
async function createAccessRecords(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table idempotency_keys (
      subject text not null,
      key text not null,
      body_hash text not null,
      -- No foreign key: the key stays when the order is archived.
      order_id uuid not null,
      created_at timestamptz not null default now(),
      primary key (subject, key)
    )`.execute(db);
  await sql`create index idempotency_keys_created_idx on idempotency_keys (created_at)`.execute(db);

  await sql`
    create table command_keys (
      target uuid not null,
      command_id text not null,
      body_hash text not null,
      created_at timestamptz not null default now(),
      primary key (target, command_id)
    )`.execute(db);
  await sql`create index command_keys_created_idx on command_keys (created_at)`.execute(db);

  await sql`
    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      subject text not null,
      roles text[] not null,
      operation text not null,
      -- No foreign key: the entry stays when the order is deleted.
      order_id uuid,
      -- What was asked for, with its query.
      path text not null,
      request_id text not null,
      reason text,
      -- Null while the operation runs, or if it was interrupted.
      status smallint,
      completed_at timestamptz
    )`.execute(db);
  await sql`create index audit_log_at_idx on audit_log (at desc, id desc)`.execute(db);
  await sql`
    create index audit_log_order_idx on audit_log (order_id, at desc, id desc)
    where order_id is not null`.execute(db);
  await sql`create index audit_log_subject_idx on audit_log (subject, at desc, id desc)`.execute(db);
  // Commands that an order's workflow did not take: they are rare, and tell where to look.
  await sql`
    create index audit_log_unavailable_idx on audit_log (at)
    where status = 503 and order_id is not null`.execute(db);

  // Whose writes a replica must have before it answers them. Unlogged: after a crash a replica is not read before it has come up to the log.
  await sql`
    create unlogged table recent_writers (
      subject text primary key,
      position pg_lsn not null,
      at timestamptz not null
    ) with (fillfactor = 50)`.execute(db);

  // As rate-limiter-flexible keeps it: expire is in milliseconds since 1970. Unlogged: a crash forgets a minute of counting,
  // and no request waits for a disk.
  await sql`
    create unlogged table rate_limits (
      key text primary key,
      points integer not null default 0,
      expire bigint
    ) with (fillfactor = 50)`.execute(db);

  // A row for each process that has sagas to start. Unlogged: after a crash processes measure anew.
  await sql`
    create unlogged table start_figures (
      process text primary key,
      seen_at timestamptz not null,
      window_size float8,
      latency_ms float8,
      idle_latency_ms float8,
      per_second float8 not null,
      period_ms float8 not null
    ) with (fillfactor = 50)`.execute(db);
}

/** Figures about all orders, which cost the same however many orders there are. */
async function createFigures(db: Kysely<unknown>): Promise<void> {
  // The number of orders with a status is the sum over the slots. Each connection counts in its own: two transactions that
  // counted in the same row would wait for each other.
  await sql`
    create table order_counts (
      status text not null,
      slot integer not null,
      orders bigint not null,
      primary key (status, slot)
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    create function count_accepted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_counts as c (status, slot, orders)
      select status, pg_backend_pid() % 1024, count(*) from accepted group by status order by status
      on conflict (status, slot) do update set orders = c.orders + excluded.orders;
      return null;
    end $$`.execute(db);
  await sql`
    create function count_moved_order() returns trigger language plpgsql as $$
    begin
      insert into order_counts as c (status, slot, orders)
      values (old.status, pg_backend_pid() % 1024, -1), (new.status, pg_backend_pid() % 1024, 1)
      on conflict (status, slot) do update set orders = c.orders + excluded.orders;
      return null;
    end $$`.execute(db);
  await sql`
    create function count_deleted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_counts as c (status, slot, orders)
      select status, pg_backend_pid() % 1024, -count(*) from deleted group by status order by status
      on conflict (status, slot) do update set orders = c.orders + excluded.orders;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger orders_accepted after insert on orders referencing new table as accepted
    for each statement execute function count_accepted_orders()`.execute(db);
  await sql`
    create trigger orders_moved after update of status on orders
    for each row when (old.status is distinct from new.status) execute function count_moved_order()`.execute(db);
  await sql`
    create trigger orders_deleted after delete on orders referencing old table as deleted
    for each statement execute function count_deleted_orders()`.execute(db);

  // What one process has measured and all of them show.
  await sql`
    create table metric_snapshots (
      name text primary key,
      -- By the process that measures it again.
      claimed_at timestamptz not null default '-infinity',
      taken_at timestamptz,
      value jsonb
    )`.execute(db);
}

/**
 * What orders are searched by. Those whose text begins alike stand in the sequence of a list, for beginnings of several lengths: a page of
 * those that begin with one letter is read as fast as of those that begin with twenty. Triggers keep it, as an index is kept.
 */
async function createSearch(db: Kysely<unknown>): Promise<void> {
  // No foreign key: it would be checked for each text of an order.
  await sql`
    create table order_search (
      order_id uuid not null,
      created_at timestamptz not null,
      -- In lower case.
      term text collate "C" not null
    )`.execute(db);
  await sql`create index order_search_order_idx on order_search (order_id)`.execute(db);
  // Few texts begin with what is longer than the beginnings below.
  await sql`create index order_search_term_idx on order_search (term)`.execute(db);
  // An order's number begins with four characters that all have, and its digits tell more with each.
  for (const length of [5, 6, 7, 8]) await createSearchIndex(db, length, sql`where term like 'ord-%'`);
  for (const length of [1, 2, 4]) await createSearchIndex(db, length, sql`where term not like 'ord-%'`);
  await sql`
    create function order_search_terms(o orders) returns text[] language sql immutable as $$
      select array(select distinct term from unnest(array[lower(o.order_number), lower(o.shipping_address->>'name'),
        lower(o.metadata->>'order_reference'), lower(o.tracking->>'number'), lower(o.payment_id)]) as term where term <> '') $$`.execute(
    db,
  );
  await sql`
    create function index_accepted_orders() returns trigger language plpgsql as $$
    begin
      insert into order_search (order_id, created_at, term)
      select a.id, a.created_at, unnest(order_search_terms(a)) from accepted a;
      return null;
    end $$`.execute(db);
  await sql`
    create function index_changed_order() returns trigger language plpgsql as $$
    declare
      before text[] := order_search_terms(old);
      after text[] := order_search_terms(new);
    begin
      if not after @> before then
        delete from order_search where order_id = old.id and term <> all(after);
      end if;
      insert into order_search (order_id, created_at, term)
      select new.id, new.created_at, term from unnest(after) as term where term <> all(before);
      return null;
    end $$`.execute(db);
  await sql`
    create function unindex_deleted_orders() returns trigger language plpgsql as $$
    begin
      delete from order_search where order_id in (select id from deleted);
      return null;
    end $$`.execute(db);
  await sql`
    create trigger orders_search_accepted after insert on orders referencing new table as accepted
    for each statement execute function index_accepted_orders()`.execute(db);
  await sql`
    create trigger orders_search_changed after update of payment_id, tracking, shipping_address, metadata on orders
    for each row when (old.payment_id is distinct from new.payment_id or old.tracking is distinct from new.tracking
      or old.shipping_address is distinct from new.shipping_address or old.metadata is distinct from new.metadata)
    execute function index_changed_order()`.execute(db);
  await sql`
    create trigger orders_search_deleted after delete on orders referencing old table as deleted
    for each statement execute function unindex_deleted_orders()`.execute(db);
}

async function createSearchIndex(db: Kysely<unknown>, length: number, where: RawBuilder<unknown>): Promise<void> {
  const name = `order_search_${length}`;
  const prefix = sql`left(term, ${sql.lit(length)})`;
  await sql`
    create index ${sql.id(`${name}_idx`)} on order_search (${prefix}, created_at desc, order_id desc) ${where}`.execute(
    db,
  );
  // The planner doesn't use what is known of a partial index. Without it, many orders of one beginning would be taken for few, and sorted.
  await sql`create statistics ${sql.id(`${name}_stats`)} on (${prefix}) from order_search`.execute(db);
}

/** What hangs on an order and goes into the archive with it. */
const archivedWithOrder = [
  'order_items',
  'order_status_history',
  'order_payment_transactions',
  'order_saga_steps',
  'order_shipments',
  'order_amendments',
  'order_returns',
  'order_disputes',
];

/**
 * Closed orders that nobody changes any more, in tables of the same names and columns in a schema of their own: with the search path
 * `archive` the queries of the product read them.
 */
async function createArchive(db: Kysely<unknown>): Promise<void> {
  await sql`create schema archive`.execute(db);
  for (const table of ['orders', ...archivedWithOrder]) {
    await sql`create table archive.${sql.raw(table)} (like public.${sql.raw(table)})`.execute(db);
  }
  await sql`alter table archive.orders add primary key (id), add unique (order_number)`.execute(db);
  await sql`create index orders_created_idx on archive.orders (created_at desc, id desc)`.execute(db);
  await sql`create index orders_customer_idx on archive.orders (customer_id, created_at desc, id desc)`.execute(db);
  for (const table of archivedWithOrder) {
    await sql`create index on archive.${sql.raw(table)} (order_id)`.execute(db);
    await sql`
      alter table archive.${sql.raw(table)} add foreign key (order_id) references archive.orders on delete cascade`.execute(
      db,
    );
  }
}

/**
 * What removes that which is on record for good. Functions of the owner, so that the role that the product runs as can remove nothing
 * else: neither what is younger than thirty days, whatever its settings, nor an order that is not closed.
 */
async function createPruning(db: Kysely<unknown>): Promise<void> {
  const copies = archivedWithOrder.map(
    (table) => `insert into archive.${table} select * from ${table} where order_id = any(closed);`,
  );
  await sql`
    create function archive_orders(keep interval, most integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      closed uuid[];
    begin
      select array_agg(id) into closed from (
        select id from orders o
        where status in ('CANCELLED', 'REFUNDED', 'DELIVERED')
          and updated_at < now() - greatest(keep, interval '30 days')
          and saga_state in ('COMPLETED', 'COMPENSATED') and not notification_failed
          and not exists (select from order_returns r where r.order_id = o.id and r.state in ('OPEN', 'RESTOCKED'))
          and not exists (select from order_amendments a where a.order_id = o.id and a.state = 'PLANNED')
          and not exists (
            select from order_edits e where e.order_id = o.id and not exists (
              select from order_amendments a where a.order_id = e.order_id and a.command_id = e.command_id))
          and not exists (
            select from outbox e where e.subject_id = o.id
              and (e.position is null or e.position > (select min(s.position) from event_sinks s)))
          and not exists (select from event_deliveries d where d.subject_id = o.id and d.state in ('PENDING', 'DEAD'))
        order by updated_at limit most for update skip locked) as old;
      insert into archive.orders select * from orders where id = any(closed);
      ${sql.raw(copies.join('\n      '))}
      delete from orders where id = any(closed);
      return coalesce(cardinality(closed), 0);
    end $$`.execute(db);
  await sql`
    create function prune_audit_log(keep interval, most integer) returns integer
    language sql security definer set search_path = public, pg_temp as $$
      with removed as (
        delete from audit_log where id in (
          select id from audit_log where at < now() - greatest(keep, interval '30 days')
          order by at, id limit most for update skip locked)
        returning 1)
      select count(*)::integer from removed $$`.execute(db);
  await sql`revoke execute on function archive_orders, prune_audit_log from public`.execute(db);
}
