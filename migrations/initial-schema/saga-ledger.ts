import { sql, type Kysely } from 'kysely';

/** What sagas have done: money, steps, what waits, and decisions on many steps at once. */
export async function createSagaLedger(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table order_payment_transactions (
      idempotency_key text primary key,
      order_id uuid not null references orders on delete cascade,
      kind text not null check (kind in ('CHARGE', 'REFUND', 'AUTHORIZATION', 'REFUND_FAILURE')),
      status text not null check (status in ('CAPTURED', 'DECLINED', 'REFUNDED', 'AUTHORIZED', 'VOIDED', 'EXPIRED', 'FAILED')),
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
      -- What the payment service kept of it for itself.
      fee_minor bigint,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create index order_payment_transactions_declined_idx on order_payment_transactions (declined_customer_id, at)
    where status = 'DECLINED'`.execute(db);
  // What moved lately is read once a night: the table grows by time, so that this index is tiny and costs a write nothing.
  await sql`create index order_payment_transactions_at_idx on order_payment_transactions using brin (at)`.execute(db);
  await sql`create index order_payment_transactions_order_idx on order_payment_transactions (order_id, at)`.execute(db);

  await sql`
    create table order_saga_steps (
      order_id uuid not null references orders on delete cascade,
      saga text not null default 'create',
      step text not null,
      state text not null check (state in ('RUNNING', 'DONE', 'REFUSED', 'FAILED', 'SKIPPED', 'RESOLVED', 'INTERRUPTED')),
      attempts integer not null,
      last_error text,
      -- Of a message that the step has sent: the e-mail address, masked.
      recipient text,
      actor text not null,
      started_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (order_id, saga, step)
    )`.execute(db);
  // Steps that are being retried; those that succeed at once never have this state.
  await sql`
    create index order_saga_steps_running_idx on order_saga_steps (started_at, order_id) where state = 'RUNNING'`.execute(
    db,
  );
  // What failed lately, by whatever step: most steps succeed at once, and are not in it.
  await sql`
    create index order_saga_steps_failed_idx on order_saga_steps (started_at)
    where attempts > 1 or state not in ('RUNNING', 'DONE')`.execute(db);

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
  await sql`create index order_stalls_since_idx on order_stalls (since, order_id)`.execute(db);

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
      completed_at timestamptz,
      -- How many came to what, once it has ended: its orders may be archived meanwhile.
      final_counts jsonb
    )`.execute(db);
  await sql`create index saga_resolutions_created_idx on saga_resolutions (created_at, id)`.execute(db);
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
