import type { ColumnType, Generated } from 'kysely';
import type { CouponTerms } from '../../domain/coupon.ts';
import type { ChangeKind } from '../../domain/order-change.ts';
import type { Address, OrderFailure, Tracking } from '../../domain/order.ts';
import type { PaymentProvider } from '../../domain/payment-provider.ts';
import type { OrderStatus } from '../../domain/order-status.ts';
import type { PaymentStatus } from '../../domain/payment-status.ts';
import type { Rate } from '../../domain/rate.ts';
import type { SagaAction, SagaState } from '../../domain/saga.ts';
import type { Json, JsonOrNull } from './json-columns.ts';

/** What the customer has to do before a payment goes on; `until` is RFC 3339. */
export interface StoredPaymentAction {
  readonly idempotency_key: string;
  readonly until: string;
  /** As {@link sealNextAction} writes it. */
  readonly next_action: string;
}

/** One of the payment methods of an order that is paid with several; the method as {@link sealPaymentMethod} writes it. */
export interface StoredPaymentPart {
  readonly method: string;
  readonly amount_minor: number;
}

/** An order as it stands now. */
export interface OrdersTable {
  id: string;
  order_number: Generated<string>;
  customer_id: string;
  customer_name: string | null;
  customer_email: string | null;
  customer_phone: string | null;
  reference: string | null;
  source: string | null;
  locale: string | null;
  status: Generated<OrderStatus>;
  payment_status: Generated<PaymentStatus>;
  saga_state: Generated<SagaState>;
  version: Generated<number>;
  currency: string;
  subtotal_minor: number;
  discount_minor: number;
  tax_minor: number;
  tax_included: Generated<boolean>;
  shipping_minor: number;
  fees_minor: Generated<number>;
  total_minor: number;
  refunded_minor: Generated<number>;
  refund_due_minor: Generated<number>;
  payment_method: string;
  payment_parts: JsonOrNull<StoredPaymentPart[]>;
  payment_provider: Generated<PaymentProvider>;
  traceparent: Generated<string | null>;
  payment_id: string | null;
  payment_retry_until: Date | null;
  payment_action: JsonOrNull<StoredPaymentAction>;
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
  placed_by_service: string | null;
  request_id: string | null;
  notification_failed: Generated<boolean>;
  is_disputed: Generated<boolean>;
  attention_since: Generated<Date | null>;
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

/** The lines of an order. */
export interface OrderItemsTable {
  id: string;
  order_id: string;
  position: number;
  product_id: string;
  sku: string;
  name: string;
  variant_id: string | null;
  unit_price_minor: number;
  discount_minor: Generated<number>;
  quantity: number;
  shipped_quantity: Generated<number>;
  returned_quantity: Generated<number>;
  split_from: Generated<string | null>;
}

/** Every change of an order, numbered by the version that it made. */
export interface OrderStatusHistoryTable {
  order_id: string;
  version: number;
  from_status: OrderStatus | null;
  to_status: OrderStatus;
  actor: string;
  reason: string | null;
  transition_key: string;
  change: Generated<ChangeKind>;
  step: SagaAction | null;
  at: Generated<Date>;
}

/** What orders are searched by, in lower case; triggers keep it. */
export interface OrderSearchTable {
  order_id: string;
  created_at: Date;
  term: string;
}
