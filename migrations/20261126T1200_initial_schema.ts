import { sql, type Kysely } from 'kysely';
import { createAccessRecords } from './initial-schema/access.ts';
import { createArchive, createPruning } from './initial-schema/archive.ts';
import { createCoupons } from './initial-schema/coupons.ts';
import { createOutbox, createWebhookEndpoints } from './initial-schema/events.ts';
import { createFigures } from './initial-schema/figures.ts';
import { createChangesAfterConfirming } from './initial-schema/fulfilment.ts';
import { createImports } from './initial-schema/imports.ts';
import { createMessages, createInbox } from './initial-schema/inbox.ts';
import { createOrderMessages } from './initial-schema/order-messages.ts';
import { createPaymentReports } from './initial-schema/payment-reports.ts';
import { createOrders } from './initial-schema/orders.ts';
import { createReviews } from './initial-schema/reviews.ts';
import { createSagaLedger } from './initial-schema/saga-ledger.ts';
import { createSentMessages } from './initial-schema/sent-messages.ts';
import { createSearch } from './initial-schema/search.ts';
import { createStripeIntents } from './initial-schema/stripe.ts';

/**
 * The whole schema, a file for each family of tables. Values are literal, so that these files make the same tables whatever the code's vocabulary becomes;
 * once released they are never edited: a change is a migration of its own.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createOrders(db);
  await createSagaLedger(db);
  await createReviews(db);
  await createChangesAfterConfirming(db);
  await createOrderMessages(db);
  await createCoupons(db);
  await createImports(db);
  await createOutbox(db);
  await createMessages(db);
  await createInbox(db);
  await createStripeIntents(db);
  await createWebhookEndpoints(db);
  await createSentMessages(db);
  await createAccessRecords(db);
  await createFigures(db);
  await createPaymentReports(db);
  await createSearch(db);

  await createArchive(db);
  await createPruning(db);
}

/** Drops every table, and all that is in them. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function archive_orders, prune_audit_log, order_search_terms, order_search_texts, shipped_search_terms, sequence_events`.execute(
    db,
  );
  await sql`drop schema archive cascade`.execute(db);
  await sql`
    drop table
      payment_report_orders, payment_report_listed, payment_differences, payment_reports,
      order_search, start_figures, metric_snapshots, order_counts, recent_writers, rate_limits, console_sessions, audit_log, command_keys, idempotency_keys,
      sent_messages, webhook_endpoints, stripe_voids, stripe_intents, inbox, payment_webhooks, event_deliveries, event_sinks, event_sequence, outbox,
      import_orders, import_rows, imports,
      coupon_redemptions, coupons,
      order_messages, order_disputes, order_returns, order_refunds, order_amendments, order_edits, order_notes, order_shipments,
      saga_resolution_orders, saga_resolutions,
      order_reviews, order_stalls, order_saga_steps, order_payment_transactions,
      order_status_history, order_items, orders`.execute(db);
  await sql`drop function keep_disputed, note_attention, index_accepted_orders, index_changed_order, index_new_shipments, index_paid_order, index_shipment, search_fold, unindex_deleted_orders, unindex_deleted_shipments, count_accepted_orders, count_moved_order, count_deleted_orders`.execute(
    db,
  );
  await sql`drop sequence order_number_seq`.execute(db);
}
