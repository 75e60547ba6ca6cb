import { sql, type Kysely } from 'kysely';

/** The events that the system sends, and how far each sink has got with them. */
export async function createOutbox(db: Kysely<unknown>): Promise<void> {
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

/** Who is sent events by webhook. */
export async function createWebhookEndpoints(db: Kysely<unknown>): Promise<void> {
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
