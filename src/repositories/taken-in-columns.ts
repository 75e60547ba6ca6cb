import { sql } from 'kysely';
import { createColumnRows } from './column-rows.ts';

/** Of an order's own row. */
const orderColumns = {
  id: 'uuid',
  customer_id: 'text',
  customer_name: 'text',
  customer_email: 'text',
  customer_phone: 'text',
  reference: 'text',
  source: 'text',
  locale: 'text',
  status: 'text',
  payment_status: 'text',
  saga_state: 'text',
  version: 'integer',
  currency: 'text',
  subtotal_minor: 'bigint',
  discount_minor: 'bigint',
  tax_rate: 'integer',
  tax_minor: 'bigint',
  tax_included: 'boolean',
  shipping_minor: 'bigint',
  fees_minor: 'bigint',
  total_minor: 'bigint',
  refunded_minor: 'bigint',
  coupon_code: 'text',
  coupon_terms: 'jsonb',
  payment_method: 'text',
  payment_provider: 'text',
  payment_id: 'text',
  reservation_id: 'text',
  shipping_address: 'jsonb',
  billing_address: 'jsonb',
  shipping_method: 'text',
  notes: 'text',
  metadata: 'jsonb',
  tracking: 'jsonb',
  cancellation_reason: 'text',
  batch_id: 'text',
  placed_by: 'text',
  placed_by_service: 'text',
  workflow_started: 'boolean',
  reconciled_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  confirmed_at: 'timestamptz',
  shipped_at: 'timestamptz',
  delivered_at: 'timestamptz',
  cancelled_at: 'timestamptz',
  returned_at: 'timestamptz',
  refunded_at: 'timestamptz',
} as const;

/** Of its lines. */
const itemColumns = {
  id: 'uuid',
  order_id: 'uuid',
  position: 'smallint',
  product_id: 'text',
  sku: 'text',
  name: 'text',
  variant_id: 'text',
  unit_price_minor: 'bigint',
  discount_minor: 'bigint',
  quantity: 'integer',
  shipped_quantity: 'integer',
  returned_quantity: 'integer',
} as const;

const historyColumns = {
  order_id: 'uuid',
  version: 'integer',
  from_status: 'text',
  to_status: 'text',
  actor: 'text',
  reason: 'text',
  transition_key: 'text',
  at: 'timestamptz',
} as const;

/** Of money that moved by hand. */
const transactionColumns = {
  idempotency_key: 'text',
  order_id: 'uuid',
  kind: 'text',
  status: 'text',
  amount_minor: 'bigint',
  currency: 'text',
  payment_method: 'text',
  provider: 'text',
  reference: 'text',
  reason: 'text',
  actor: 'text',
  at: 'timestamptz',
} as const;

const shipmentColumns = {
  order_id: 'uuid',
  shipment_key: 'text',
  items: 'jsonb',
  carrier: 'text',
  tracking_number: 'text',
  actor: 'text',
  shipped_at: 'timestamptz',
  delivered_at: 'timestamptz',
} as const;

/** What comes with an order's row: its place in the import, and its key. */
const placeColumns = {
  place: 'integer',
  outcome: 'text',
  key_subject: 'text',
  key: 'text',
  body_hash: 'text',
} as const;

/** The columns of an order's own row. */
export const orderNames = sql.raw(Object.keys(orderColumns).join(', '));

/** An order that is taken in, as its columns have it. */
export type OrderRow = Readonly<Record<keyof typeof orderColumns, unknown>>;

/** Rows of orders that are to be taken in, by table. */
export type TakenInRows = ReturnType<typeof createTakenInRows>;

/** No orders yet. */
export function createTakenInRows() {
  return {
    orders: createColumnRows({ ...orderColumns, ...placeColumns }),
    items: createColumnRows(itemColumns),
    history: createColumnRows(historyColumns),
    transactions: createColumnRows(transactionColumns),
    shipments: createColumnRows(shipmentColumns),
  };
}
