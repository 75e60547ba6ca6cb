import { isExpression, sql, type RawBuilder } from 'kysely';
import type { ChangeKind } from '../domain/order-change.ts';
import { ORDER_UPDATED, type DetailsOf, type EventDetails, type OrderEventType } from '../domain/order-event.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import type { SagaAction } from '../domain/saga.ts';

/** A common table expression of the orders that a statement has written; it has {@link loggedColumns}. */
type WrittenOrders = 'accepted' | 'moved' | 'updated' | 'repaired';

/** The columns of `orders o` that history and events repeat. */
export const loggedColumns = sql.raw(
  'o.id, o.order_number, o.customer_id, o.status, o.payment_status, o.saga_state, o.version, o.traceparent',
);

/** The further columns that {@link statusEvent} tells of. */
export const statusColumns = sql.raw('o.payment_id, o.confirmed_at, o.tracking, o.cancellation_reason');

/** The status before the write: a status, a column of the written orders, or null for a new order. */
type StatusBefore = OrderStatus | RawBuilder<unknown> | null;

/** What a history row says beside the order's status and version. */
export interface HistoryEntry {
  readonly change: ChangeKind;
  readonly from: StatusBefore;
  readonly actor: string | RawBuilder<unknown>;
  readonly reason: string | null;
  /** Names the change within its order: a second row with the same key is an error. */
  readonly key: string | RawBuilder<unknown>;
  /** The step that it is about, if it is about one. */
  readonly step?: SagaAction | undefined;
}

/** A statement that writes a row into the history of each order in `written`. */
export function insertHistory(written: WrittenOrders, { change, from, actor, reason, key, step }: HistoryEntry) {
  return sql`
    insert into order_status_history (order_id, version, change, from_status, to_status, actor, reason, transition_key, step)
    select id, version, ${change}::text, ${from}::text, status, ${actor}::text, ${reason}::text, ${key}::text, ${step ?? null}::text
    from ${sql.ref(written)}`;
}

/** The type of an event, and what it tells beside the order: known here, or an expression over the written orders. */
export type EventContent = { [Type in OrderEventType]: ContentOf<Type> }[OrderEventType];

type ContentOf<Type extends OrderEventType> = Type extends keyof EventDetails
  ? { readonly type: Type; readonly details: DetailsOf<Type> | RawBuilder<DetailsOf<Type>> }
  : { readonly type: Type; readonly details?: undefined };

/** Who made the change that an event tells of, and why. */
export interface EventCause {
  readonly from: StatusBefore;
  readonly actor: string | RawBuilder<unknown>;
  readonly reason: string | null;
}

/** A statement that writes an event of each order in `written` into the outbox. */
export function insertEvent(written: WrittenOrders, content: EventContent, cause: EventCause) {
  return insertEvents(selectEvent(sql.ref(written), content, cause));
}

/**
 * A statement that writes the selected events into the outbox, an order's in the order in which they are given.
 *
 * An order's event ids grow in the order of its commits: whoever writes an event holds the order's row locked, and takes the
 * id afterwards in the same transaction. A reader that has seen an event never finds a lower id of the same order later.
 * Ids of different orders are not in the order of their commits.
 */
export function insertEvents(...selected: readonly RawBuilder<unknown>[]) {
  const parts = selected.map((select, part) => sql`select ${sql.lit(part)} as part, s.* from (${select}) s`);
  return sql`
    insert into outbox (subject_id, type, traceparent, payload)
    select order_id, type, traceparent, payload from (${sql.join(parts, sql` union all `)}) e order by part, nth`;
}

/** A query of an event for each order in `written`; with {@link insertEvents} the only place that makes the event of a change. */
export function selectEvent(written: RawBuilder<unknown>, content: EventContent, { from, actor, reason }: EventCause) {
  const { type, details } = content;
  const more = details === undefined ? sql`` : sql`|| ${jsonOf(details)}`;
  return sql`
    select 0 as nth, id as order_id, ${type}::text as type, traceparent, jsonb_build_object(
      'order_id', id, 'order_number', order_number, 'customer_id', customer_id, 'status', status, 'from', ${from}::text,
      'payment_status', payment_status, 'saga_state', saga_state, 'version', version,
      'actor', ${actor}::text, 'reason', ${reason}::text, 'occurred_at', ${wireNow}) ${more} as payload
    from ${written}`;
}

function jsonOf(details: object) {
  return isExpression(details) ? details : sql`${JSON.stringify(details)}::jsonb`;
}

/** The event of orders that have come into `status`; they have {@link statusColumns} as well. */
export function statusEvent(status: OrderStatus, { reason }: Pick<EventCause, 'reason'>): EventContent {
  const type = `order.${status.toLowerCase() as Lowercase<OrderStatus>}` as const;
  if (type === 'order.confirmed') return { type, details: confirmedDetails };
  if (type === 'order.shipped') return { type, details: shippedDetails };
  return type === 'order.cancelled' ? { type, details: cancelledDetails(reason) } : { type };
}

const confirmedDetails = sql<EventDetails['order.confirmed']>`jsonb_build_object(
  'payment_id', payment_id, 'confirmed_at', ${wireTime(sql`coalesce(confirmed_at, now())`)})`;

const shippedDetails = sql<EventDetails['order.shipped']>`jsonb_build_object(
  'carrier', tracking ->> 'carrier', 'tracking', tracking ->> 'number')`;

function cancelledDetails(reason: string | null) {
  return sql<
    EventDetails['order.cancelled']
  >`jsonb_build_object('reason', coalesce(cancellation_reason, ${reason}::text, 'cancelled'))`;
}

/** A moment as it is written on the wire. */
export function wireTime(at: RawBuilder<unknown>) {
  return sql`to_char(${at} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The moment of the transaction, as it is written on the wire. */
export const wireNow = wireTime(sql`now()`);

/** The event of orders whose saga or payment state has changed, without a change of status. */
export const insertUpdatedEvent = insertEvent(
  'updated',
  { type: ORDER_UPDATED, details: {} },
  { from: sql`status`, actor: SAGA_ACTOR, reason: null },
);
