import { sql } from 'kysely';
import { maskEmail } from '../domain/order-message.ts';
import type { OrderNotification } from '../domain/order-notification.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Db } from './schema.ts';

type FailedNotification = Pick<OrderNotification, 'idempotencyKey' | 'orderId' | 'type' | 'recipient'>;

/**
 * Records that a message was refused after it had been handed over, so that it is found among those that have failed; nothing when the order is not in this
 * database. A confirmation, which has no row of its own until then, gets one.
 */
export async function failMessage(
  db: Db,
  { idempotencyKey: key, orderId, type, recipient: { email } }: FailedNotification,
  reason: string,
): Promise<void> {
  if (!isUuid(orderId)) return;
  await sql`
    with failed as (
      insert into order_messages as m (key, order_id, type, state, attempts, last_error, recipient)
      select ${key}, o.id, ${type}, 'FAILED', 1, ${reason}, ${email === undefined ? null : maskEmail(email)} from orders o where o.id = ${orderId}
      on conflict (key) do update set state = 'FAILED', last_error = excluded.last_error, sent_at = null,
        recipient = coalesce(excluded.recipient, m.recipient)
      returning m.order_id, m.type
    )
    update orders o set notification_failed = true
    from failed f where o.id = f.order_id and f.type = 'ORDER_CONFIRMED' and not o.notification_failed`.execute(db);
}
