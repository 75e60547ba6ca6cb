import { sql, type Kysely } from 'kysely';

/** Lets the publisher of the outbox wait before it tries an event again, and find what else an order has to tell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table outbox
      add column attempts integer not null default 0,
      add column retry_at timestamptz not null default '-infinity'`.execute(db);
  await sql`create index outbox_order_idx on outbox (order_id, id)`.execute(db);
}

/** Forgets how often an event was tried. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index outbox_order_idx`.execute(db);
  await sql`alter table outbox drop column attempts, drop column retry_at`.execute(db);
}
