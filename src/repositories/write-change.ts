import { sql } from 'kysely';
import type { ChangeKind } from '../domain/order-change.ts';
import { describeDecision } from '../domain/describe-attention.ts';
import { NEEDS_ATTENTION, ORDER_UPDATED } from '../domain/order-event.ts';
import type { CustomerDetails, Order, OrderAmounts } from '../domain/order.ts';
import type { SagaAction, SagaState } from '../domain/saga.ts';
import { insertEvent, insertHistory, insertUpdatedEvent, loggedColumns, type EventContent } from './order-log.ts';
import { sealPaymentMethod } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** A change that leaves the status as it is: who made it and why, and what the order says afterwards. */
export interface OrderChange {
  readonly orderId: string;
  readonly kind: Exclude<ChangeKind, 'STATUS'>;
  /** Names the change within its order; a second one with the same key is an error. */
  readonly key: string;
  readonly actor: string;
  readonly reason: string | null;
  /** The step of a saga that it is about, if it is about one. */
  readonly step?: SagaAction | undefined;
  readonly event: EventContent;
  /** Only staff may see the reason: it is in the history, and not in the event. */
  readonly isForStaff?: boolean;
  readonly set?: OrderPatch;
}

/** New values of an order; what is left out stays. */
export type OrderPatch = Partial<OrderAmounts> &
  Partial<Pick<Order, 'sagaState' | 'paymentStatus' | 'refundedMinor' | 'refundDueMinor' | 'amendUntil' | 'failure'>> &
  Partial<CustomerDetails & Pick<Order, 'reference'>> &
  Partial<Pick<Order, 'taxRate' | 'shippingAddress' | 'billingAddress' | 'notes' | 'tracking' | 'reservationId'>> & {
    readonly isNotificationFailed?: boolean | undefined;
    readonly isDisputed?: boolean | undefined;
    /** In the place of all that the order had. */
    readonly paymentMethod?: string | undefined;
    /** Nothing is asked of the customer any more. */
    readonly paymentAction?: null;
  };

/** Writes a change with its history row, its event and the next version. The caller's transaction has locked the order. */
export async function writeChange(db: Db, change: OrderChange): Promise<void> {
  const { orderId, kind, key, actor, reason, step, event, isForStaff = false, set } = change;
  const changing = { from: sql.ref('status'), actor, reason };
  await sql`
    with updated as (${updateOrder(db, orderId, { ...columnsOf(set ?? {}), workflow_started: true })}),
    history as (${insertHistory('updated', { ...changing, change: kind, key, step })})
    ${insertEvent('updated', event, isForStaff ? { ...changing, reason: null } : changing)}`.execute(db);
}

/** Writes a change of an order's saga or workflow; its event is an update that says which, and of which step. */
export async function writeSagaChange(db: Db, change: Omit<OrderChange, 'event'>): Promise<void> {
  const { kind, step } = change;
  await writeChange(db, {
    ...change,
    event: { type: ORDER_UPDATED, details: { change: kind, ...(step && { step }) } },
  });
}

/** Writes that a step waits for somebody to decide; its event says what is wrong with it, and what to do. */
export async function writeStuckStep(
  db: Db,
  change: Omit<OrderChange, 'event'> & { readonly step: SagaAction; readonly problem: string },
): Promise<void> {
  const { orderId, step, problem } = change;
  const details = { step, problem, what_to_do: describeDecision(orderId, step) };
  await writeChange(db, { ...change, event: { type: NEEDS_ATTENTION, details } });
}

/**
 * Writes where an order's saga stands once it has ended, with its event and the next version: nothing is asked of the customer any more. The
 * caller's transaction has locked the order.
 */
export async function writeSagaState(db: Db, orderId: string, sagaState: SagaState): Promise<void> {
  await sql`
    with updated as (${updateOrder(db, orderId, { saga_state: sagaState, payment_action: null })})
    ${insertUpdatedEvent}`.execute(db);
}

type Columns = Partial<ReturnType<typeof columnsOf>> & { readonly workflow_started?: true };

function updateOrder(db: Db, orderId: string, set: Columns) {
  return sql`${db
    .updateTable('orders as o')
    .set({ ...set, version: sql`o.version + 1`, updated_at: sql`now()` })
    .where('o.id', '=', orderId)} returning ${loggedColumns}`;
}

/** Kysely leaves out what is undefined. */
function columnsOf(patch: OrderPatch) {
  return {
    saga_state: patch.sagaState,
    payment_status: patch.paymentStatus,
    refunded_minor: patch.refundedMinor,
    refund_due_minor: patch.refundDueMinor,
    subtotal_minor: patch.subtotalMinor,
    discount_minor: patch.discountMinor,
    tax_minor: patch.taxMinor,
    tax_rate: patch.taxRate,
    tax_included: patch.isTaxIncluded,
    shipping_minor: patch.shippingMinor,
    fees_minor: patch.feesMinor,
    total_minor: patch.totalMinor,
    amend_until: patch.amendUntil,
    payment_action: patch.paymentAction,
    ...(patch.paymentMethod !== undefined && { payment_method: sealPaymentMethod(patch.paymentMethod) }),
    failure: json(patch.failure),
    shipping_address: patch.shippingAddress && JSON.stringify(patch.shippingAddress),
    billing_address: json(patch.billingAddress),
    notes: patch.notes,
    customer_name: patch.customerName,
    customer_email: patch.customerEmail,
    customer_phone: patch.customerPhone,
    reference: patch.reference,
    locale: patch.locale,
    tracking: json(patch.tracking),
    reservation_id: patch.reservationId,
    notification_failed: patch.isNotificationFailed,
    is_disputed: patch.isDisputed,
  };
}

function json(value: object | null | undefined): string | null | undefined {
  return value && JSON.stringify(value);
}

/** What the change with this key was about; `undefined` if it hasn't been written. */
export async function findChange(db: Db, orderId: string, key: string): Promise<ChangeKind | undefined> {
  const row = await db
    .selectFrom('order_status_history')
    .select('change')
    .where('order_id', '=', orderId)
    .where('transition_key', '=', key)
    .executeTakeFirst();
  return row?.change;
}
