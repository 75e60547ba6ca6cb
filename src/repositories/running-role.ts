import { sql, type RawBuilder } from 'kysely';
import type { Db, Schema } from './schema.ts';

/** What the product's processes may do with a table beside reading it; columns in parentheses are the only ones that they may change. */
type Right = 'insert' | 'update' | 'delete' | `update (${string})`;

/** Every table, with the rights that running the product takes. What is written down for good can't be changed with them. */
export const tableRights: Readonly<
  Record<keyof Schema | 'rate_limits' | 'recent_writers' | 'start_figures', readonly Right[]>
> = {
  orders: ['insert', 'update'],
  order_items: ['insert', 'update', 'delete'],
  order_status_history: ['insert', 'update (transition_key)'],
  order_payment_transactions: ['insert', 'update (status, payment_id, decline_code, fee_minor)'],
  order_saga_steps: ['insert', 'update'],
  order_stalls: ['insert', 'update', 'delete'],
  order_reviews: ['insert', 'update'],
  saga_resolutions: ['insert', 'update (workflow_started, start_claimed_at, completed_at, final_counts)'],
  saga_resolution_orders: ['insert', 'update (state, attempts, sent_at, detail, at)'],
  order_shipments: ['insert', 'update (carrier, tracking_number, delivered_at)'],
  order_notes: ['insert'],
  order_amendments: ['insert', 'update'],
  order_edits: ['insert', 'delete'],
  order_returns: ['insert', 'update'],
  order_refunds: ['insert', 'update'],
  payment_reports: ['insert', 'update'],
  payment_differences: ['insert'],
  payment_report_listed: ['insert', 'update', 'delete'],
  payment_report_orders: ['insert', 'delete'],
  order_disputes: ['insert', 'update'],
  order_messages: ['insert', 'update'],
  outbox: ['insert', 'update (position, sequenced_at)', 'delete'],
  event_sequence: ['update'],
  event_sinks: ['insert', 'update', 'delete'],
  event_deliveries: ['insert', 'update', 'delete'],
  command_keys: ['insert', 'update (body_hash)', 'delete'],
  idempotency_keys: ['insert', 'delete'],
  payment_webhooks: ['insert', 'update', 'delete'],
  inbox: ['insert', 'update', 'delete'],
  stripe_intents: ['insert', 'update (intent_id, keys_used)', 'delete'],
  stripe_voids: ['insert', 'delete'],
  webhook_endpoints: ['insert', 'update', 'delete'],
  sent_messages: ['insert', 'update', 'delete'],
  coupons: ['insert', 'update'],
  coupon_redemptions: ['insert', 'delete'],
  audit_log: ['insert', 'update (status, completed_at, order_id)'],
  console_sessions: ['insert', 'update (seen_at)', 'delete'],
  imports: ['insert', 'update', 'delete'],
  import_rows: ['insert', 'delete'],
  import_orders: ['insert', 'update', 'delete'],
  import_counts: ['insert', 'update'],
  order_counts: ['insert', 'update'],
  metric_snapshots: ['insert', 'update'],
  rate_limits: ['insert', 'update', 'delete'],
  order_search: ['insert', 'update', 'delete'],
  recent_writers: ['insert', 'update', 'delete'],
  start_figures: ['insert', 'update', 'delete'],
};

/** Functions of the owner that remove what the product itself can't: only what is closed and older than thirty days. */
const functions = ['archive_orders(interval, integer)', 'prune_audit_log(interval, integer)'];

/** A role of PostgreSQL that logs in. */
export interface DatabaseRole {
  readonly name: string;
  readonly password: string;
}

/**
 * Gives `role` what running the product takes, and takes away whatever else it had in the schema; makes the role when there is none.
 * Done by the role that migrates, which owns the tables. Rejects when it may not make roles and there is none.
 */
export async function grantRunningRole(db: Db, role: DatabaseRole): Promise<void> {
  await grantToRole(db, role, async (transaction, name) => {
    await sql`grant usage on schema public to ${name}`.execute(transaction);
    await sql`revoke all on all tables in schema public from ${name}`.execute(transaction);
    await sql`revoke all on all sequences in schema public from ${name}`.execute(transaction);
    await sql`grant usage on sequence order_number_seq to ${name}`.execute(transaction);
    for (const [table, rights] of Object.entries(tableRights)) {
      const granted = sql.raw(['select', ...rights].join(', '));
      await sql`grant ${granted} on ${sql.table(table)} to ${name}`.execute(transaction);
    }
    await sql`grant usage on schema archive to ${name}`.execute(transaction);
    await sql`revoke all on all tables in schema archive from ${name}`.execute(transaction);
    await sql`grant select on all tables in schema archive to ${name}`.execute(transaction);
    for (const one of functions) await sql`grant execute on function ${sql.raw(one)} to ${name}`.execute(transaction);
  });
}

/**
 * Makes the role when there is none, lets it connect to this database, and runs `grant` with its name: in one transaction, while no other
 * process grants. Rejects when it may not make roles and there is none.
 */
export async function grantToRole(
  db: Db,
  role: DatabaseRole,
  grant: (transaction: Db, name: RawBuilder<unknown>) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${GRANT_LOCK})`.execute(transaction);
    await makeRole(transaction, role);
    const name = sql.id(role.name);
    await sql`grant connect on database ${sql.id(await currentDatabase(transaction))} to ${name}`.execute(transaction);
    await grant(transaction, name);
  });
}

/** Any number that is the same in every process: two that grant at the same moment would be in each other's way. */
const GRANT_LOCK = 7_310_032;

/** Makes the role when there is none of its name; it may log in and has no other right. */
async function makeRole(db: Db, { name, password }: DatabaseRole): Promise<void> {
  const { rows } = await sql`select from pg_roles where rolname = ${name}`.execute(db);
  if (rows.length > 0) return;
  await sql`create role ${sql.id(name)} login nosuperuser nocreatedb nocreaterole noinherit password ${sql.lit(password)}`.execute(
    db,
  );
}

async function currentDatabase(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  return rows[0]?.name ?? '';
}
