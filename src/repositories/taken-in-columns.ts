import { sql } from 'kysely';

const columns = {
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

const itemColumns = {
  id: 'uuid',
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

/** What comes with an order's row: its place in the import, its key, and the rows of its other tables. */
const details = {
  place: 'integer',
  outcome: 'text',
  key_subject: 'text',
  key: 'text',
  body_hash: 'text',
  items: 'jsonb',
  history: 'jsonb',
  transactions: 'jsonb',
  shipped_items: 'jsonb',
} as const;

type Row<Columns> = Readonly<Record<keyof Columns, unknown>>;

/** An order that is taken in, as its columns have it. */
export type OrderRow = Row<typeof columns>;

/** A line of it. */
export type ItemRow = Row<typeof itemColumns>;

export const orderNames = namesOf(columns);
export const itemFields = fieldsOf(itemColumns);
export const itemNames = namesOf(itemColumns);
export const itemValues = sql.raw(
  Object.keys(itemColumns)
    .map((name) => `i.${name}`)
    .join(', '),
);
export const givenFields = fieldsOf({ ...columns, ...details });
export const givenNames = namesOf({ ...columns, ...details });

function fieldsOf(named: Readonly<Record<string, string>>) {
  return sql.raw(
    Object.entries(named)
      .map(([name, type]) => `${name} ${type}`)
      .join(', '),
  );
}

function namesOf(named: Readonly<Record<string, string>>) {
  return sql.raw(Object.keys(named).join(', '));
}
