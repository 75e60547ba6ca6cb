import { sql } from 'kysely';
import { sagaActions } from '../domain/saga.ts';
import { openPaymentMethod } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** An order's history, oldest first. */
export async function findHistory(db: Db, orderId: string) {
  return db.selectFrom('order_status_history').selectAll().where('order_id', '=', orderId).orderBy('version').execute();
}

/** An order's charges and refunds, oldest first. */
export async function findPaymentTransactions(db: Db, orderId: string) {
  const rows = await db
    .selectFrom('order_payment_transactions')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('at')
    .execute();
  return rows.map((row) => ({ ...row, payment_method: openPaymentMethod(row.payment_method) }));
}

/** An order's ledger: its steps and compensations, in the order in which they began; in that of the saga where several began at once. */
export async function findSagaSteps(db: Db, orderId: string) {
  return db
    .selectFrom('order_saga_steps')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('started_at')
    .orderBy(sql`array_position(${sagaActions}::text[], step)`)
    .execute();
}
