import type { ColumnType, Generated, Kysely } from 'kysely';
import type { AmendmentState } from '../domain/amendment.ts';
import type { CouponKind, CouponTerms } from '../domain/coupon.ts';
import type { ImportFormat } from '../domain/import-columns.ts';
import type { ImportFailure, ImportKind, ImportOrderState, ImportStatus } from '../domain/import.ts';
import type { ChangeKind } from '../domain/order-change.ts';
import type { ItemQuantity, ReturnState } from '../domain/order-return.ts';
import type { Address, OrderAmounts, OrderFailure, OrderItem, Tracking } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentStatus } from '../domain/payment-status.ts';
import type { PaymentWebhook, WebhookEffect } from '../domain/payment-webhook.ts';
import type { Rate } from '../domain/rate.ts';
import type { SagaAction, SagaState, StepState } from '../domain/saga.ts';

/** The projection's tables, as `migrations/` makes them. */
export interface Schema {
  orders: OrdersTable;
  order_items: OrderItemsTable;
  order_status_history: OrderStatusHistoryTable;
  order_payment_transactions: OrderPaymentTransactionsTable;
  order_saga_steps: OrderSagaStepsTable;
  order_shipments: OrderShipmentsTable;
  order_amendments: OrderAmendmentsTable;
  order_returns: OrderReturnsTable;
  outbox: OutboxTable;
  command_keys: CommandKeysTable;
  idempotency_keys: IdempotencyKeysTable;
  payment_webhooks: PaymentWebhooksTable;
  coupons: CouponsTable;
  coupon_redemptions: CouponRedemptionsTable;
  audit_log: AuditLogTable;
  imports: ImportsTable;
  import_rows: ImportRowsTable;
  import_orders: ImportOrdersTable;
}

/** What every repository function takes first: a connection pool or the caller's transaction. */
export type Db = Kysely<Schema>;

type Json<T> = ColumnType<T, string, string>;
type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>;

export interface OrdersTable {
  id: string;
  order_number: Generated<string>;
  customer_id: string;
  status: Generated<OrderStatus>;
  payment_status: Generated<PaymentStatus>;
  saga_state: Generated<SagaState>;
  version: Generated<number>;
  currency: string;
  subtotal_minor: number;
  discount_minor: number;
  tax_minor: number;
  shipping_minor: number;
  total_minor: number;
  refunded_minor: Generated<number>;
  payment_method: string;
  payment_id: string | null;
  payment_retry_until: Date | null;
  amend_until: ColumnType<Date | null, Date | string | null, Date | string | null>;
  reservation_id: string | null;
  shipping_address: Json<Address>;
  billing_address: JsonOrNull<Address>;
  shipping_method: string | null;
  coupon_code: string | null;
  coupon_terms: JsonOrNull<CouponTerms>;
  tax_rate: Generated<Rate>;
  notes: string | null;
  metadata: Json<Record<string, string>>;
  tracking: JsonOrNull<Tracking>;
  cancellation_reason: string | null;
  failure: JsonOrNull<OrderFailure>;
  batch_id: string | null;
  placed_by: string;
  workflow_started: Generated<boolean>;
  start_claimed_at: Date | null;
  reconciled_at: Generated<Date>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  confirmed_at: Date | null;
  processing_at: Date | null;
  shipped_at: Date | null;
  delivered_at: Date | null;
  cancelled_at: Date | null;
  returned_at: Date | null;
  refunded_at: Date | null;
}

interface OrderItemsTable {
  id: string;
  order_id: string;
  position: number;
  product_id: string;
  sku: string;
  name: string;
  unit_price_minor: number;
  quantity: number;
  shipped_quantity: Generated<number>;
  returned_quantity: Generated<number>;
}

interface OrderStatusHistoryTable {
  order_id: string;
  version: number;
  from_status: OrderStatus | null;
  to_status: OrderStatus;
  actor: string;
  reason: string | null;
  transition_key: string;
  change: Generated<ChangeKind>;
  at: Generated<Date>;
}

interface OrderPaymentTransactionsTable {
  idempotency_key: string;
  order_id: string;
  kind: 'CHARGE' | 'REFUND';
  status: 'CAPTURED' | 'DECLINED' | 'REFUNDED';
  payment_id: string | null;
  amount_minor: number;
  currency: string;
  payment_method: string;
  decline_code: string | null;
  at: Generated<Date>;
}

interface OrderShipmentsTable {
  id: Generated<string>;
  order_id: string;
  shipment_key: string;
  items: Json<ItemQuantity[]>;
  carrier: string | null;
  tracking_number: string | null;
  actor: string;
  reason: string | null;
  shipped_at: Generated<Date>;
}

export interface OrderAmendmentsTable {
  order_id: string;
  number: number;
  command_id: string;
  state: AmendmentState;
  actor: string;
  reason: string | null;
  items: Json<OrderItem[]>;
  amounts: Json<OrderAmounts>;
  difference_minor: number;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

export interface OrderReturnsTable {
  id: string;
  order_id: string;
  number: number;
  state: ReturnState;
  actor: string;
  reason: string;
  items: Json<ItemQuantity[]>;
  refund_minor: number;
  is_whole: boolean;
  created_at: Generated<Date>;
  told_at: Date | null;
  ended_at: Date | null;
}

interface OrderSagaStepsTable {
  order_id: string;
  saga: Generated<string>;
  step: SagaAction;
  state: StepState;
  attempts: number;
  last_error: string | null;
  actor: string;
  started_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface OutboxTable {
  id: Generated<number>;
  order_id: string;
  type: string;
  payload: Json<Record<string, unknown>>;
  created_at: Generated<Date>;
  published_at: Date | null;
  attempts: Generated<number>;
  retry_at: Generated<Date>;
}

interface PaymentWebhooksTable {
  id: string;
  order_id: string;
  idempotency_key: string;
  outcome: PaymentWebhook['outcome'];
  payment_id: string;
  decline_code: string | null;
  amount_minor: number;
  currency: string;
  effect: WebhookEffect | null;
  deliveries: Generated<number>;
  received_at: Generated<Date>;
}

export interface CouponsTable {
  code: string;
  kind: CouponKind;
  value: string;
  currency: string | null;
  min_subtotal: string | null;
  valid_from: Date | null;
  valid_until: Date | null;
  once_per_customer: boolean;
  max_uses: number | null;
  active: boolean;
  uses: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface CouponRedemptionsTable {
  order_id: string;
  code: string;
  customer_id: string;
  once_per_customer: boolean;
  at: Generated<Date>;
}

interface AuditLogTable {
  id: Generated<number>;
  at: Generated<Date>;
  subject: string;
  roles: string[];
  operation: string;
  order_id: string | null;
  request_id: string;
  reason: string | null;
  status: number | null;
  completed_at: Date | null;
}

interface CommandKeysTable {
  target: string;
  command_id: string;
  body_hash: string;
  created_at: Generated<Date>;
}

interface IdempotencyKeysTable {
  subject: string;
  key: string;
  body_hash: string;
  order_id: string;
  created_at: Generated<Date>;
}

export interface ImportsTable {
  id: string;
  kind: ImportKind;
  status: Generated<ImportStatus | 'UPLOADING'>;
  status_version: Generated<number>;
  subject: string;
  roles: string[];
  actor: string;
  idempotency_key: string | null;
  body_hash: string | null;
  file_name: string | null;
  format: ColumnType<ImportFormat | null, string | undefined, string>;
  row_count: Generated<number>;
  order_count: Generated<number>;
  workflow_started: Generated<boolean>;
  start_claimed_at: Date | null;
  touched_at: Generated<Date>;
  created_at: Generated<Date>;
  completed_at: Date | null;
}

interface ImportRowsTable {
  import_id: string;
  line: number;
  reference: string;
  cells: Json<string[]>;
}

interface ImportOrdersTable {
  import_id: string;
  position: number;
  reference: string;
  first_line: number | null;
  line_count: number;
  body: Json<unknown>;
  state: Generated<ImportOrderState>;
  order_id: string | null;
  failure: ColumnType<ImportFailure | null, string, string>;
}
