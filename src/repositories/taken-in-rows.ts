import type { FileOrder } from '../domain/file-order.ts';
import type { ImportOrderState } from '../domain/import.ts';
import type { TakenInOrder } from '../domain/take-in-order.ts';
import type { IdempotencyKey } from './accept-order.ts';
import { sealPaymentMethod } from './payment-method-column.ts';
import type { ItemRow, OrderRow } from './taken-in-columns.ts';

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

/** An order's row with those of its tables as JSON, for the one statement that writes many. */
export interface WrittenOrder {
  readonly position: number;
  readonly json: string;
}

/** Writes an order with its rows. */
export function writeOrder(one: NewTakenInOrder, by: TakenInBy): WrittenOrder {
  return { position: one.position, json: JSON.stringify(statedOf(toGiven(one, by))) };
}

/** What is null need not be sent: a column that is not given is null. */
function statedOf(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const stated: Record<string, unknown> = {};
  for (const name in row) if (row[name] !== null) stated[name] = row[name];
  return stated;
}

function toGiven(one: NewTakenInOrder, by: TakenInBy) {
  const { id, key, file, order } = one;
  const write = createMomentWriter();
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
    items: itemsOf(one),
    history: historyOf(one, write),
    transactions: transactionsOf(one, write),
    shipped_items: shippedItemsOf(one),
  };
}

type WriteMoment = (moment: Date | null) => string | null;

/** Writes moments as JSON has them; an order's are few, and each stands in several rows. */
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

function itemsOf({ order, itemIds }: NewTakenInOrder): ItemRow[] {
  return order.items.map((item, position) => ({
    id: itemIds[position],
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

function historyOf({ file, order }: NewTakenInOrder, write: WriteMoment) {
  const reason = `as ${file.source ?? 'the file'} states it`;
  return order.milestones.map(({ from, to, at, key }, index) => ({
    version: index + 1,
    from_status: from,
    to_status: to,
    reason: to === 'CANCELLED' ? order.cancellationReason : reason,
    transition_key: key,
    at: write(at),
  }));
}

/** Keys of money that moved by hand, in the place of the charge and the refund that the payment service would have made. */
function transactionsOf({ id, file, order }: NewTakenInOrder, write: WriteMoment) {
  const { paidMinor, refundedMinor, createdAt, updatedAt } = order;
  const moved = (key: string, kind: 'CHARGE' | 'REFUND', amountMinor: number, at: Date) => ({
    idempotency_key: `${id}:${key}:external`,
    kind,
    status: kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED',
    amount_minor: amountMinor,
    reference: file.payment.reference,
    reason: file.payment.method,
    at: write(at),
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
