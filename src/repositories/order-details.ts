import type { Db } from './schema.ts';

/** An order's history, oldest first. */
export async function findHistory(db: Db, orderId: string) {
  return db.selectFrom('order_status_history').selectAll().where('order_id', '=', orderId).orderBy('version').execute();
}

/** An order's charges and refunds, oldest first. */
export async function findPaymentTransactions(db: Db, orderId: string) {
  return db
    .selectFrom('order_payment_transactions')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('at')
    .execute();
}

/** An order's ledger: its steps and compensations, in the order in which they began. */
export async function findSagaSteps(db: Db, orderId: string) {
  return db.selectFrom('order_saga_steps').selectAll().where('order_id', '=', orderId).orderBy('started_at').execute();
}
