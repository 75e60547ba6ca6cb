import { sql, type Updateable } from 'kysely';
import type { ChangeKind } from '../domain/order-change.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { SagaState } from '../domain/saga.ts';
import { changedOrder, updatedEvent } from './outbox.ts';
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

/** Writes a change with its history and outbox rows and the next version. To be called in a transaction that holds the order's row. */
export async function changeOrder(db: Db, change: OrderChange): Promise<void> {
  const row = await db
    .updateTable('orders')
    .set({ ...change.set, version: sql`version + 1`, updated_at: sql`now()`, workflow_started: true })
    .where('id', '=', change.orderId)
    .returning(['id', 'order_number', 'customer_id', 'status', 'payment_status', 'saga_state', 'version'])
    .executeTakeFirstOrThrow();
  await db
    .insertInto('order_status_history')
    .values({
      order_id: row.id,
      version: row.version,
      from_status: row.status,
      to_status: row.status,
      change: change.kind,
      actor: change.actor,
      reason: change.reason,
      transition_key: change.key,
    })
    .execute();
  const { id: order_id, order_number, customer_id, status, payment_status, saga_state, version } = row;
  const head = { order_id, order_number, customer_id, status, from: status, payment_status, saga_state, version };
  const payload = JSON.stringify({ ...head, actor: change.actor, reason: change.reason, ...change.payload });
  await db.insertInto('outbox').values({ order_id, type: change.event, payload }).execute();
}

/** Says where an order's saga stands, with its outbox row and the next version. To be called in a transaction that holds the order's row. */
export async function setSagaState(db: Db, orderId: string, sagaState: SagaState): Promise<void> {
  await sql`
    with updated as (
      update orders o set saga_state = ${sagaState}, version = version + 1, updated_at = now() where id = ${orderId}
      returning ${changedOrder}
    )
    ${updatedEvent}`.execute(db);
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
