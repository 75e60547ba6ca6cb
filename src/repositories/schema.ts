import type { Kysely } from 'kysely';
import type {
  AuditLogTable,
  CommandKeysTable,
  ConsoleSessionsTable,
  IdempotencyKeysTable,
} from './schema/access-tables.ts';
import type { CouponRedemptionsTable, CouponsTable } from './schema/coupon-tables.ts';
import type {
  OrderAmendmentsTable,
  OrderEditsTable,
  OrderRefundsTable,
  OrderReturnsTable,
  OrderNotesTable,
  OrderShipmentsTable,
} from './schema/fulfilment-tables.ts';
import type { MetricSnapshotsTable, OrderCountsTable } from './schema/figure-tables.ts';
import type { ImportCountsTable, ImportOrdersTable, ImportRowsTable, ImportsTable } from './schema/import-tables.ts';
import type { InboxTable, OrderDisputesTable } from './schema/inbox-tables.ts';
import type {
  EventDeliveriesTable,
  EventSequenceTable,
  EventSinksTable,
  OutboxTable,
  PaymentWebhooksTable,
} from './schema/message-tables.ts';
import type { OrderMessagesTable } from './schema/order-message-table.ts';
import type { OrderItemsTable, OrderSearchTable, OrderStatusHistoryTable, OrdersTable } from './schema/order-tables.ts';
import type { OrderReviewsTable } from './schema/review-tables.ts';
import type {
  PaymentDifferencesTable,
  PaymentReportListedTable,
  PaymentReportOrdersTable,
  PaymentReportsTable,
} from './schema/payment-report-tables.ts';
import type { SagaResolutionOrdersTable, SagaResolutionsTable } from './schema/resolution-tables.ts';
import type { OrderPaymentTransactionsTable, OrderSagaStepsTable, OrderStallsTable } from './schema/saga-tables.ts';
import type { SentMessagesTable } from './schema/sent-message-table.ts';
import type { StripeIntentsTable, StripeVoidsTable } from './schema/stripe-tables.ts';
import type { WebhookEndpointsTable } from './schema/webhook-tables.ts';

/** The projection's tables, as `migrations/` makes them. */
export interface Schema {
  payment_reports: PaymentReportsTable;
  payment_differences: PaymentDifferencesTable;
  payment_report_listed: PaymentReportListedTable;
  payment_report_orders: PaymentReportOrdersTable;
  orders: OrdersTable;
  order_items: OrderItemsTable;
  order_status_history: OrderStatusHistoryTable;
  order_payment_transactions: OrderPaymentTransactionsTable;
  order_saga_steps: OrderSagaStepsTable;
  order_stalls: OrderStallsTable;
  order_reviews: OrderReviewsTable;
  order_shipments: OrderShipmentsTable;
  order_notes: OrderNotesTable;
  order_amendments: OrderAmendmentsTable;
  order_edits: OrderEditsTable;
  order_returns: OrderReturnsTable;
  order_refunds: OrderRefundsTable;
  order_disputes: OrderDisputesTable;
  order_messages: OrderMessagesTable;
  saga_resolutions: SagaResolutionsTable;
  saga_resolution_orders: SagaResolutionOrdersTable;
  outbox: OutboxTable;
  event_sequence: EventSequenceTable;
  event_sinks: EventSinksTable;
  event_deliveries: EventDeliveriesTable;
  command_keys: CommandKeysTable;
  idempotency_keys: IdempotencyKeysTable;
  payment_webhooks: PaymentWebhooksTable;
  inbox: InboxTable;
  stripe_intents: StripeIntentsTable;
  stripe_voids: StripeVoidsTable;
  webhook_endpoints: WebhookEndpointsTable;
  sent_messages: SentMessagesTable;
  coupons: CouponsTable;
  coupon_redemptions: CouponRedemptionsTable;
  audit_log: AuditLogTable;
  console_sessions: ConsoleSessionsTable;
  imports: ImportsTable;
  import_rows: ImportRowsTable;
  import_orders: ImportOrdersTable;
  import_counts: ImportCountsTable;
  order_search: OrderSearchTable;
  order_counts: OrderCountsTable;
  metric_snapshots: MetricSnapshotsTable;
}

/** What every repository function takes first: a connection pool or the caller's transaction. */
export type Db = Kysely<Schema>;
