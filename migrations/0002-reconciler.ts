import { sql, type Kysely } from 'kysely';

/** Lets the reconciler look at those orders first at which it has not looked for longest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table orders add column reconciled_at timestamptz not null default '-infinity'`.execute(db);
  await sql`create index orders_to_reconcile_idx on orders (reconciled_at) where status not in ('CANCELLED', 'REFUNDED')`.execute(
    db,
  );
  await sql`create index orders_ended_idx on orders (updated_at, reconciled_at) where status in ('CANCELLED', 'REFUNDED')`.execute(
    db,
  );
}

/** Forgets when the reconciler looked. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index orders_to_reconcile_idx, orders_ended_idx`.execute(db);
  await sql`alter table orders drop column reconciled_at`.execute(db);
}
