import { sql } from 'kysely';
import { orderRefundKey } from '../domain/book-refund.ts';
import { allowedBefore, isConfirmationOldNews, type OrderStatus } from '../domain/order-status.ts';
import type { ToldOrder } from '../domain/notify-of-order.ts';
import type { OrderTransition } from '../domain/order-transition.ts';
import type { StepRecord } from '../domain/saga.ts';
import { releaseCoupon } from './coupon-redemptions.ts';
import { bookTransactions, interruptSteps, writeSteps, type BookedStatus } from './ledger.ts';
import { sumRefunds } from './late-charges.ts';
import { insertEvents, insertHistory, loggedColumns, selectEvent, statusColumns, statusEvent } from './order-log.ts';
import { selectPaymentEvents } from './payment-events.ts';
import { sealPaymentMethod, sealPaymentParts } from './payment-method-column.ts';
import type { Db } from './schema.ts';
import { toldOrder } from './told-order.ts';

/** `applied` is false if the write came too late or repeated an earlier one; `status` is the one that the order has now. */
export interface TransitionResult {
  readonly applied: boolean;
  readonly status: OrderStatus;
}

/** The same, with what is reported of it. */
export interface ReportedTransition extends TransitionResult {
  /** The status before. */
  readonly from: OrderStatus;
  readonly currency: string;
  readonly totalMinor: number;
  readonly secondsSinceCreated: number;
  /** `null` when it has not been confirmed. */
  readonly secondsSinceConfirmed: number | null;
  /** What is on record from now on of the transition's payment transactions. */
  readonly booked: readonly BookedStatus[];
  /** The order that this write has confirmed, for its customer to be told without another statement. */
  readonly confirmed?: ToldOrder | null | undefined;
}

/**
 * Moves an order to another status, in one statement: the order, its history, event, ledger and payment transactions. A cancelled
 * order's coupon is released. Guarded twice: by the transition table, so that a late write never regresses a status, and by the
 * transition's key, so that an activity that runs again writes nothing twice. Throws if there is no such order.
 */
export async function transitionOrder(db: Db, transition: OrderTransition): Promise<ReportedTransition> {
  try {
    return await writeLocked(db, transition);
  } catch (error) {
    // The same write committed after this statement's snapshot and before its lock. The next attempt sees it, and is a repeat.
    if (error instanceof Error && 'code' in error && error.code === '23505') return writeLocked(db, transition);
    throw error;
  }
}

/**
 * What a cancellation says was refunded of the whole order may hold what somebody had refunded at the payment service before, or not know of it.
 * That is on record by itself, and may have come to be known since: it is read once the order's row is locked.
 */
async function writeLocked(db: Db, transition: OrderTransition): Promise<ReportedTransition> {
  if (transition.to !== 'CANCELLED' || transition.refundedMinor === undefined) return writeTransition(db, transition);
  const write = async (locked: Db) => writeTransition(locked, await withRefundsBefore(locked, transition));
  return db.isTransaction ? write(db) : db.transaction().execute(write);
}

async function withRefundsBefore(locked: Db, transition: OrderTransition): Promise<OrderTransition> {
  const { orderId, transactions = [] } = transition;
  const row = await locked
    .selectFrom('orders')
    .select('refunded_minor')
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  const beforeMinor = row?.refunded_minor ?? 0;
  if (beforeMinor === 0) return transition;
  const whole = transactions.find(({ idempotencyKey }) => idempotencyKey === orderRefundKey(orderId));
  const amountMinor = Math.max((whole?.amountMinor ?? 0) - beforeMinor, 0);
  const others = transactions.filter((one) => one !== whole);
  const { allMinor, amendedBackMinor } = await sumRefunds(locked, orderId);
  return {
    ...transition,
    refundedMinor: Math.max(allMinor + amountMinor - amendedBackMinor, 0),
    transactions: whole && amountMinor > 0 ? [...others, { ...whole, amountMinor }] : others,
  };
}

const milestones: Partial<Record<OrderStatus, string>> = {
  CONFIRMED: 'confirmed_at',
  PROCESSING: 'processing_at',
  SHIPPED: 'shipped_at',
  DELIVERED: 'delivered_at',
  CANCELLED: 'cancelled_at',
  RETURNED: 'returned_at',
  REFUNDED: 'refunded_at',
};

async function writeTransition(db: Db, t: OrderTransition): Promise<ReportedTransition> {
  const milestone = milestones[t.to];
  const steps = stepsOf(t);
  const moving = { from: sql.ref('from_status'), actor: t.actor, reason: t.reason ?? null };
  const { rows } = await sql<ReportedTransition>`
    with before as (
      select ${loggedColumns}, o.currency, o.total_minor, o.created_at, o.confirmed_at from orders o where o.id = ${t.orderId} for update
    ),
    moved as (
      update orders o set
        status = ${t.to}, version = o.version + 1, updated_at = now(), workflow_started = true, saga_state = ${t.sagaState},
        ${milestone ? sql`${sql.ref(milestone)} = now(),` : sql``}
        payment_status = coalesce(${t.paymentStatus ?? null}, ${paymentStatusOf(t)}),
        payment_id = coalesce(${t.paymentId ?? null}, o.payment_id),
        payment_method = coalesce(${t.paymentMethod === undefined ? null : sealPaymentMethod(t.paymentMethod)}, o.payment_method),
        ${partsOf(t)}payment_retry_until = ${t.paymentRetryUntil ?? null}::timestamptz, amend_until = null, payment_action = null,
        refunded_minor = least(coalesce(${t.refundedMinor ?? null}::bigint, o.refunded_minor), o.total_minor),
        reservation_id = coalesce(${t.reservationId ?? null}, o.reservation_id),
        cancellation_reason = coalesce(${t.cancellationReason ?? null}, o.cancellation_reason),
        tracking = coalesce(${json(t.tracking)}::jsonb, o.tracking),
        failure = ${json(t.failure)}::jsonb${isConfirmationOldNews(t.to) ? sql`, notification_failed = false` : sql``}
      from before
      where o.id = before.id and before.status = any(${allowedBefore(t.to)}) ${nothingHasLeft(t)}
        and not exists (select from order_status_history h where h.order_id = o.id and h.transition_key = ${t.key})
      returning ${loggedColumns}, ${statusColumns}, before.status as from_status
    ),
    history as (${insertHistory('moved', { ...moving, change: 'STATUS', key: t.key })}),
    ${t.to === 'CANCELLED' ? sql`${releaseCoupon('moved')} interrupted as (${interruptSteps('moved', steps)}), voided as (${voidAuthorizations('moved')}),` : sql``}
    steps as (${writeSteps('moved', steps)}),
    shipment as (${shipmentOf(t)}),
    shipped as (${shippedItemsOf(t)}),
    ${bookTransactions('moved', t.transactions ?? [])},
    events as (${insertEvents(...selectPayments(t), selectEvent(sql.ref('moved'), statusEvent(t.to, moving), moving))})
    select coalesce(moved.status, before.status) as status, moved.id is not null as applied, before.status as "from",
      before.currency, before.total_minor as "totalMinor",
      extract(epoch from now() - before.created_at)::float8 as "secondsSinceCreated",
      extract(epoch from now() - before.confirmed_at)::float8 as "secondsSinceConfirmed",
      array(select status from transactions) as booked${selectConfirmed(t)}
    from before left join moved on true`.execute(db);
  const [result] = rows;
  if (!result) throw new Error(`no order ${t.orderId}`);
  return result;
}

/** Of a cancelled order whose refund was given up, nothing is on its way back any more: what was paid, or the rest of it, stays with the shop. */
function paymentStatusOf({ to }: OrderTransition) {
  if (to !== 'CANCELLED') return sql`o.payment_status`;
  return sql`case
    when o.payment_status <> 'REFUNDING' then o.payment_status
    when o.refunded_minor > 0 then 'PARTIALLY_REFUNDED'
    when exists (select from order_payment_transactions p where p.order_id = o.id and p.kind = 'CHARGE' and p.status = 'CAPTURED') then 'CAPTURED'
    else o.payment_status end`;
}

/** The payment methods change with the payment that is offered after a decline. */
function partsOf({ paymentParts }: OrderTransition) {
  if (paymentParts === undefined) return sql``;
  return sql`payment_parts = ${json(paymentParts === null ? undefined : sealPaymentParts(paymentParts))}::jsonb, `;
}

/** Charges and refunds come before what follows from them. */
function selectPayments({ transactions = [] }: OrderTransition) {
  return transactions.length > 0 ? [selectPaymentEvents('before')] : [];
}

function selectConfirmed({ to }: OrderTransition) {
  if (to !== 'CONFIRMED') return sql``;
  return sql`, (select ${toldOrder} from orders o where o.id = moved.id) as confirmed`;
}

/** An order that is partly shipped can't be cancelled, even by a workflow that was reset to before the shipment. */
function nothingHasLeft({ to }: OrderTransition) {
  if (to !== 'CANCELLED') return sql``;
  return sql`and not exists (select from order_items i where i.order_id = o.id and i.shipped_quantity > 0)`;
}

/** A cancellation cuts off what was still running. */
function stepsOf({ to, steps = [] }: OrderTransition): readonly StepRecord[] {
  if (to !== 'CANCELLED') return steps;
  return steps.map((one) => (one.state === 'RUNNING' ? { ...one, state: 'INTERRUPTED' } : one));
}

/** What compensated a cancelled order has released what was authorised for it. */
function voidAuthorizations(source: string) {
  return sql`
    update order_payment_transactions t set status = 'VOIDED' from ${sql.ref(source)} o
    where t.order_id = o.id and t.status = 'AUTHORIZED'`;
}

/** Everything that is not shipped yet leaves with this shipment. */
function shipmentOf({ to, key, actor, reason, tracking }: OrderTransition) {
  if (to !== 'SHIPPED') return sql`select 1`;
  return sql`
    insert into order_shipments (order_id, shipment_key, items, carrier, tracking_number, actor, reason)
    select moved.id, ${key}, jsonb_agg(jsonb_build_object('item_id', i.id, 'quantity', i.quantity - i.shipped_quantity) order by i.position),
      ${tracking?.carrier ?? null}, ${tracking?.number ?? null}, ${actor}, ${reason ?? null}
    from moved join order_items i on i.order_id = moved.id and i.shipped_quantity < i.quantity group by moved.id`;
}

/** A shipped order has all of its items shipped. */
function shippedItemsOf({ to }: OrderTransition) {
  if (to !== 'SHIPPED') return sql`select 1`;
  return sql`update order_items i set shipped_quantity = i.quantity from moved where i.order_id = moved.id`;
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
