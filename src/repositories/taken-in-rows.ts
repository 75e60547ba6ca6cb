import type { FileOrder } from '../domain/file-order.ts';
import type { ImportOrderState } from '../domain/import.ts';
import type { TakenInOrder } from '../domain/take-in-order.ts';
import type { IdempotencyKey } from './accept-order.ts';
import { sealPaymentMethod } from './payment-method-column.ts';
import { addRow } from './column-rows.ts';
import type { OrderRow, TakenInRows } from './taken-in-columns.ts';

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

/** An open order gets its workflow within seconds, or from another attempt at its range. */
const TAKEN_ON_WITHIN_MS = 300_000;

/** Adds an order with its lines, history, money and shipment to the rows that are to be written. */
export function addOrder(rows: TakenInRows, one: NewTakenInOrder, by: TakenInBy): void {
  const write = createMomentWriter();
  addRow(rows.orders, orderOf(one, by, write));
  for (const item of itemsOf(one)) addRow(rows.items, item);
  for (const change of historyOf(one, by, write)) addRow(rows.history, change);
  for (const transaction of transactionsOf(one, by, write)) addRow(rows.transactions, transaction);
  const shipment = shipmentOf(one, by, write);
  if (shipment) addRow(rows.shipments, shipment);
}

function orderOf(one: NewTakenInOrder, by: TakenInBy, write: WriteMoment) {
  const { id, key, file, order } = one;
  const row: OrderRow = {
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
    payment_method: methodOf(one),
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
    reconciled_at: order.isOpen ? new Date(Date.now() + TAKEN_ON_WITHIN_MS).toISOString() : 'infinity',
    ...momentsOf(order, write),
  };
  return {
    ...row,
    place: one.position,
    // What is open still has to get its workflow, and is settled then.
    outcome: (order.isOpen ? 'PLACED' : 'CONFIRMED') satisfies ImportOrderState,
    key_subject: key.subject,
    key: key.key,
    body_hash: key.bodyHash,
  };
}

type WriteMoment = (moment: Date | null) => string | null;

/** Writes moments; an order's are few, and each stands in several rows. */
function createMomentWriter(): WriteMoment {
  const written = new Map<number, string>();
  return (moment) => {
    if (moment === null) return null;
    const known = written.get(moment.getTime());
    if (known !== undefined) return known;
    const text = moment.toISOString();
    written.set(moment.getTime(), text);
    return text;
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

function momentsOf(order: TakenInOrder, write: WriteMoment) {
  return {
    created_at: write(order.createdAt),
    updated_at: write(order.updatedAt),
    confirmed_at: write(order.confirmedAt),
    shipped_at: write(order.shippedAt),
    delivered_at: write(order.deliveredAt),
    cancelled_at: write(order.cancelledAt),
    returned_at: write(order.returnedAt),
    refunded_at: write(order.refundedAt),
  };
}

function methodOf({ file }: NewTakenInOrder): string {
  return sealPaymentMethod(file.payment.method ?? 'external');
}

function itemsOf({ id, order, itemIds }: NewTakenInOrder) {
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

function historyOf({ id, file, order }: NewTakenInOrder, { actor }: TakenInBy, write: WriteMoment) {
  const reason = `as ${file.source ?? 'the file'} states it`;
  return order.milestones.map(({ from, to, at, key }, index) => ({
    order_id: id,
    version: index + 1,
    from_status: from,
    to_status: to,
    actor,
    reason: to === 'CANCELLED' ? order.cancellationReason : reason,
    transition_key: key,
    at: write(at),
  }));
}

/** Keys of money that moved by hand, in the place of the charge and the refund that the payment service would have made. */
function transactionsOf(one: NewTakenInOrder, { actor }: TakenInBy, write: WriteMoment) {
  const { id, file, order } = one;
  const { paidMinor, refundedMinor, createdAt, updatedAt } = order;
  const moved = (key: string, kind: 'CHARGE' | 'REFUND', amountMinor: number, at: Date) => ({
    idempotency_key: `${id}:${key}:external`,
    order_id: id,
    kind,
    status: kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED',
    amount_minor: amountMinor,
    currency: file.currency,
    payment_method: methodOf(one),
    provider: 'EXTERNAL',
    reference: file.payment.reference,
    reason: file.payment.method,
    actor,
    at: write(at),
  });
  return [
    ...(paidMinor > 0 ? [moved('charge:1', 'CHARGE', paidMinor, file.payment.paidAt ?? createdAt)] : []),
    ...(refundedMinor > 0 ? [moved('refund', 'REFUND', refundedMinor, updatedAt)] : []),
  ];
}

function shipmentOf({ id, file, order, itemIds }: NewTakenInOrder, { actor }: TakenInBy, write: WriteMoment) {
  const shipped = order.items.flatMap(({ shippedQuantity: quantity }, index) =>
    quantity > 0 ? [{ item_id: itemIds[index], quantity }] : [],
  );
  if (shipped.length === 0) return undefined;
  return {
    order_id: id,
    shipment_key: 'taken-in',
    items: shipped,
    carrier: file.tracking?.carrier,
    tracking_number: file.tracking?.number,
    actor,
    shipped_at: write(order.shippedAt ?? order.updatedAt),
    delivered_at: write(order.deliveredAt),
  };
}
