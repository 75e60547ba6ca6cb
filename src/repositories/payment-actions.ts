import type { PaymentAction } from '../domain/next-action.ts';
import type { Db } from './schema.ts';

/** What the customer has to do before the payment with this key goes on; `undefined` when that is not asked of them. */
export async function findPaymentAction(
  db: Db,
  orderId: string,
  idempotencyKey: string,
): Promise<Pick<PaymentAction, 'until'> | undefined> {
  const row = await db.selectFrom('orders').select('payment_action').where('id', '=', orderId).executeTakeFirst();
  const stored = row?.payment_action;
  return stored?.idempotency_key === idempotencyKey ? { until: new Date(stored.until) } : undefined;
}
