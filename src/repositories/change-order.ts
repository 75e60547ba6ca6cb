import { sql, type Updateable } from 'kysely';
import type { ChangeKind } from '../domain/order-change.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { SagaState } from '../domain/saga.ts';
import { insertEvent, insertHistory, insertUpdatedEvent, loggedColumns } from './order-log.ts';
import type { Db } from './schema.ts';
import type { OrdersTable } from './schema/order-tables.ts';

/** A change that leaves the status as it is: who, why, and what the row says afterwards. */
export interface OrderChange {
  readonly orderId: string;
  readonly kind: Exclude<ChangeKind, 'STATUS'>;
  /** Names the change within its order; no other may have the same. */
  readonly key: string;
  readonly actor: string;
  readonly reason: string | null;
  /** What the outbox calls it, such as `order.amended`. */
  readonly event: string;
  /** What the event says beside the order's head. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly set?: Updateable<OrdersTable>;
}

/** Writes a change with its history row, its event and the next version. The caller's transaction holds the order's row. */
export async function changeOrder(
  db: Db,
  { orderId, kind, key, event, payload, set, ...by }: OrderChange,
): Promise<void> {
  const changing = { ...by, from: sql.ref('status') };
  await sql`
    with updated as (${updateOrder(db, orderId, { ...set, workflow_started: true })}),
    history as (${insertHistory('updated', { ...changing, change: kind, key })})
    ${insertEvent('updated', { ...changing, type: event, more: payload })}`.execute(db);
}

/** Writes where an order's saga stands, with its event and the next version. The caller's transaction holds the order's row. */
export async function setSagaState(db: Db, orderId: string, sagaState: SagaState): Promise<void> {
  await sql`
    with updated as (${updateOrder(db, orderId, { saga_state: sagaState })})
    ${insertUpdatedEvent}`.execute(db);
}

function updateOrder(db: Db, orderId: string, set: Updateable<OrdersTable>) {
  return sql`${db
    .updateTable('orders as o')
    .set({ ...set, version: sql`o.version + 1`, updated_at: sql`now()` })
    .where('o.id', '=', orderId)} returning ${loggedColumns}`;
}

/** Takes the order's row for the transaction, before any row that belongs to it, as every write does. */
export async function holdOrder(db: Db, orderId: string) {
  const row = await db.selectFrom('orders').selectAll().where('id', '=', orderId).forUpdate().executeTakeFirst();
  if (!row) throw new Error(`no order ${orderId}`);
  return row;
}

/** What the change with this key was about, if it has been written. */
export async function findChange(db: Db, orderId: string, key: string): Promise<ChangeKind | undefined> {
  const row = await db
    .selectFrom('order_status_history')
    .select('change')
    .where('order_id', '=', orderId)
    .where('transition_key', '=', key)
    .executeTakeFirst();
  return row?.change;
}

/** The statuses in which nothing of an order has left, provided that nothing of it has been shipped either. */
export const beforeShipping: readonly OrderStatus[] = ['PENDING', 'PAYMENT_FAILED', 'CONFIRMED', 'PROCESSING'];
