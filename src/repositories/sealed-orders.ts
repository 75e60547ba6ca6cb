import { sql } from 'kysely';
import { explainSealedPayment } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** An order that can't be started, since the key of its payment method is missing. */
interface SealedOrder {
  readonly orderId: string;
  readonly acceptedAt: Date;
  /** Names the key. */
  readonly why: string;
}

/** Those of the orders that wait to be started and whose payment method this process can't decrypt. */
export async function findSealedOrders(db: Db, ids: readonly string[]): Promise<SealedOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .select(['id', 'created_at', 'payment_method', 'payment_parts'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('workflow_started', '=', false)
    .where('status', '=', 'PENDING')
    .execute();
  return rows.flatMap((row) => {
    const why = explainSealedPayment([row.payment_method, ...(row.payment_parts ?? []).map(({ method }) => method)]);
    return why === undefined ? [] : [{ orderId: row.id, acceptedAt: row.created_at, why }];
  });
}
