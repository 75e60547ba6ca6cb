import { sql } from 'kysely';
import type { FileOrder } from '../domain/file-order.ts';
import type { ImportOutcome } from '../domain/import.ts';
import type { TakenInOrder } from '../domain/take-in-order.ts';
import type { IdempotencyKey } from './accept-order.ts';
import { recordOutcomes } from './import-orders.ts';
import { sealPaymentMethod } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** An order that is to be taken in, with what its import adds. */
export interface NewTakenInOrder {
  readonly id: string;
  readonly position: number;
  readonly key: IdempotencyKey;
  readonly customerId: string;
  readonly file: FileOrder;
  readonly order: TakenInOrder;
  readonly itemIds: readonly string[];
  /** What the inventory calls its goods, where they were taken. */
  readonly reservationId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Whose orders they are, and which import they belong to. */
export interface TakenInBy {
  readonly importId: string;
  readonly actor: string;
  readonly subject: string;
}

/**
 * Writes orders as they stood, with lines, history, money, shipment and idempotency key, and notes their outcome in the import, in one
 * transaction: a process that dies in the middle has written all of it or nothing. Nothing is told of them: no event, no message. Returns
 * the ids of those that were written; one whose key is taken is left out, and its outcome is not noted.
 */
export async function insertTakenInOrders(
  db: Db,
  by: TakenInBy,
  orders: readonly NewTakenInOrder[],
): Promise<ReadonlySet<string>> {
  if (orders.length === 0) return new Set();
  return db.transaction().execute(async (transaction) => {
    const { rows } = await insertOrders(by, orders).execute(transaction);
    const written = new Set(rows.map(({ id }) => id));
    const outcomes = orders.filter(({ id }) => written.has(id)).map(outcomeOf);
    await recordOutcomes(transaction, by.importId, outcomes);
    return written;
  });
}

/** An open order gets its workflow within seconds, or from another attempt at its range. */
const TAKEN_ON_WITHIN_MS = 300_000;

/** What is open still has to get its workflow, and is settled then. */
function outcomeOf({ id, position, order }: NewTakenInOrder): ImportOutcome {
  return { position, state: order.isOpen ? 'PLACED' : 'CONFIRMED', orderId: id, failure: null };
}

function insertOrders(by: TakenInBy, orders: readonly NewTakenInOrder[]) {
  const given = JSON.stringify(orders.map((one) => toGiven(one, by)));
  return sql<{ id: string }>`
    with given as materialized (select * from jsonb_to_recordset(${given}::jsonb) as o(${orderFields}, ${detailFields})),
    claim as (
      insert into idempotency_keys (subject, key, body_hash, order_id)
      select key_subject, key, body_hash, id from given order by key_subject, key on conflict do nothing returning order_id
    ),
    written as (
      insert into orders (${orderNames})
      select ${orderNames} from given where id in (select order_id from claim)
      returning id
    ),
    items as (
      insert into order_items (${itemNames}) select ${itemValues} from written join given using (id),
        jsonb_to_recordset(items) as i(${itemFields})
    ),
    history as (
      insert into order_status_history (order_id, version, change, from_status, to_status, actor, reason, transition_key, at)
      select h.order_id, h.version, 'STATUS', h.from_status, h.to_status, ${by.actor}::text, h.reason, h.transition_key, h.at
      from written join given using (id), jsonb_to_recordset(history) as h(order_id uuid, version integer, from_status text, to_status text,
        reason text, transition_key text, at timestamptz)
    ),
    transactions as (
      insert into order_payment_transactions (idempotency_key, order_id, kind, status, payment_id, amount_minor, currency, payment_method,
        provider, reference, reason, actor, at)
      select t.idempotency_key, t.order_id, t.kind, t.status, null, t.amount_minor, currency, payment_method, 'EXTERNAL', t.reference, t.reason,
        ${by.actor}::text, t.at
      from written join given using (id), jsonb_to_recordset(transactions) as t(idempotency_key text, order_id uuid, kind text, status text,
        amount_minor bigint, reference text, reason text, at timestamptz)
    ),
    shipments as (
      insert into order_shipments (order_id, shipment_key, items, carrier, tracking_number, actor, reason, shipped_at, delivered_at)
      select id, 'taken-in', shipped_items, tracking ->> 'carrier', tracking ->> 'number', ${by.actor}::text, null,
        coalesce(shipped_at, updated_at), delivered_at
      from written join given using (id) where shipped_items is not null
    )
    select id from written`;
}

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

type Row<Columns> = Readonly<Record<keyof Columns, unknown>>;

const orderFields = fieldsOf(columns);
const orderNames = namesOf(columns);
const itemFields = fieldsOf(itemColumns);
const itemNames = namesOf(itemColumns);
const itemValues = sql.raw(
  Object.keys(itemColumns)
    .map((name) => `i.${name}`)
    .join(', '),
);
const detailFields = sql.raw(
  'key_subject text, key text, body_hash text, items jsonb, history jsonb, transactions jsonb, shipped_items jsonb',
);

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

function toGiven(one: NewTakenInOrder, by: TakenInBy) {
  const { id, key, file, order } = one;
  const row: Row<typeof columns> = {
    id,
    customer_id: one.customerId,
    customer_name: file.customer.name,
    customer_email: file.customer.email,
    customer_phone: file.customer.phone,
    reference: file.reference,
    source: file.source,
    locale: file.locale,
    status: order.status,
    payment_status: order.paymentStatus,
    saga_state: order.sagaState,
    version: order.milestones.length,
    currency: file.currency,
    ...amountsOf(order),
    coupon_code: file.couponCode,
    coupon_terms: order.couponTerms,
    payment_method: sealPaymentMethod(file.payment.method ?? 'external'),
    payment_provider: 'EXTERNAL',
    payment_id: file.payment.reference,
    reservation_id: one.reservationId,
    shipping_address: file.shippingAddress,
    billing_address: file.billingAddress,
    shipping_method: file.shippingMethod,
    notes: file.notes,
    metadata: one.metadata,
    tracking: file.tracking,
    cancellation_reason: order.cancellationReason,
    batch_id: by.importId,
    placed_by: by.actor,
    placed_by_service: by.subject,
    // Its workflow is not the one that places orders: no relay may start that.
    workflow_started: true,
    // The reconciler has nothing to compare of an order that no workflow is to have, and none to resume of one that is about to get it.
    reconciled_at: order.isOpen ? new Date(Date.now() + TAKEN_ON_WITHIN_MS) : 'infinity',
    ...momentsOf(order),
  };
  return {
    ...row,
    key_subject: key.subject,
    key: key.key,
    body_hash: key.bodyHash,
    items: itemsOf(one),
    history: historyOf(one),
    transactions: transactionsOf(one),
    shipped_items: shippedItemsOf(one),
  };
}

function amountsOf({ amounts, taxRate, refundedMinor }: TakenInOrder) {
  return {
    subtotal_minor: amounts.subtotalMinor,
    discount_minor: amounts.discountMinor,
    tax_rate: taxRate,
    tax_minor: amounts.taxMinor,
    tax_included: amounts.isTaxIncluded,
    shipping_minor: amounts.shippingMinor,
    fees_minor: amounts.feesMinor,
    total_minor: amounts.totalMinor,
    refunded_minor: refundedMinor,
  };
}

function momentsOf(order: TakenInOrder) {
  return {
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    confirmed_at: order.confirmedAt,
    shipped_at: order.shippedAt,
    delivered_at: order.deliveredAt,
    cancelled_at: order.cancelledAt,
    returned_at: order.returnedAt,
    refunded_at: order.refundedAt,
  };
}

function itemsOf({ id, order, itemIds }: NewTakenInOrder): Row<typeof itemColumns>[] {
  return order.items.map((item, position) => ({
    id: itemIds[position],
    order_id: id,
    position,
    product_id: item.productId,
    sku: item.sku,
    name: item.name,
    variant_id: item.variantId,
    unit_price_minor: item.unitPriceMinor,
    discount_minor: item.discountMinor ?? 0,
    quantity: item.quantity,
    shipped_quantity: item.shippedQuantity,
    returned_quantity: item.returnedQuantity,
  }));
}

function historyOf({ id, file, order }: NewTakenInOrder) {
  const reason = `as ${file.source ?? 'the file'} states it`;
  return order.milestones.map(({ from, to, at, key }, index) => ({
    order_id: id,
    version: index + 1,
    from_status: from,
    to_status: to,
    reason: to === 'CANCELLED' ? order.cancellationReason : reason,
    transition_key: key,
    at,
  }));
}

/** Keys of money that moved by hand, in the place of the charge and the refund that the payment service would have made. */
function transactionsOf({ id, file, order }: NewTakenInOrder) {
  const { paidMinor, refundedMinor, createdAt, updatedAt } = order;
  const moved = (key: string, kind: 'CHARGE' | 'REFUND', amountMinor: number, at: Date) => ({
    idempotency_key: `${id}:${key}:external`,
    order_id: id,
    kind,
    status: kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED',
    amount_minor: amountMinor,
    reference: file.payment.reference,
    reason: file.payment.method,
    at,
  });
  return [
    ...(paidMinor > 0 ? [moved('charge:1', 'CHARGE', paidMinor, file.payment.paidAt ?? createdAt)] : []),
    ...(refundedMinor > 0 ? [moved('refund', 'REFUND', refundedMinor, updatedAt)] : []),
  ];
}

function shippedItemsOf({ order, itemIds }: NewTakenInOrder) {
  const shipped = order.items.flatMap(({ shippedQuantity: quantity }, index) =>
    quantity > 0 ? [{ item_id: itemIds[index], quantity }] : [],
  );
  return shipped.length > 0 ? shipped : null;
}
