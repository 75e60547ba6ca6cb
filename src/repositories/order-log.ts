import { sql, type RawBuilder } from 'kysely';
import type { ChangeKind } from '../domain/order-change.ts';
import { ORDER_UPDATED, type OrderEventType } from '../domain/order-event.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import type { SagaAction } from '../domain/saga.ts';

/** A common table expression of the orders that a statement has written; it has {@link loggedColumns}. */
type WrittenOrders = 'accepted' | 'moved' | 'updated' | 'repaired';

/** The columns of `orders o` that history and events repeat. */
export const loggedColumns = sql.raw(
  'o.id, o.order_number, o.customer_id, o.status, o.payment_status, o.saga_state, o.version, o.traceparent',
);

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

/** What an event tells beside the order. */
export interface NewEvent {
  /** Such as `order.amended`; by default the status in lower case, such as `order.confirmed`. */
  readonly type?: OrderEventType;
  readonly from: StatusBefore;
  readonly actor: string | RawBuilder<unknown>;
  readonly reason: string | null;
  /** Further fields, which depend on the type. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A statement that writes an event of each order in `written` into the outbox. It is the only place that makes a payload.
 *
 * An order's event ids grow in the order of its commits: whoever writes an event holds the order's row locked, and takes the
 * id afterwards in the same transaction. A reader that has seen an event never finds a lower id of the same order later.
 * Ids of different orders are not in the order of their commits.
 */
export function insertEvent(written: WrittenOrders, { type, from, actor, reason, more }: NewEvent) {
  return sql`
    insert into outbox (order_id, type, traceparent, payload)
    select id, ${type === undefined ? sql`'order.' || lower(status)` : sql`${type}::text`}, traceparent, jsonb_build_object(
      'order_id', id, 'order_number', order_number, 'customer_id', customer_id, 'status', status, 'from', ${from}::text,
      'payment_status', payment_status, 'saga_state', saga_state, 'version', version,
      'actor', ${actor}::text, 'reason', ${reason}::text) || ${JSON.stringify(more ?? {})}::jsonb
    from ${sql.ref(written)}`;
}

/** The event of orders whose saga or payment state has changed, without a change of status. */
export const insertUpdatedEvent = insertEvent('updated', {
  type: ORDER_UPDATED,
  from: sql`status`,
  actor: SAGA_ACTOR,
  reason: null,
});
