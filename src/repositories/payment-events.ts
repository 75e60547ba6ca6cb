import { sql } from 'kysely';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { paymentEventOf } from '../domain/payment-event.ts';
import { openPaymentMethod } from './payment-method-column.ts';
import { wireNow } from './order-log.ts';

/** The event of a charge or refund, as {@link selectPaymentEvents} reads it from the expression `booking`. */
export function toBookedEvent(transaction: PaymentTransactionRecord) {
  return paymentEventOf({ ...transaction, paymentMethod: openPaymentMethod(transaction.paymentMethod) });
}

/**
 * A query of the event of each charge and refund in `transactions`, which a statement has put on record; `booking` says in what sequence
 * and what is told of it, and `orders` is the order as it stood before the change that follows from it.
 */
export function selectPaymentEvents(orders: 'before' | 'this') {
  return sql`
    select b.nth, id as order_id, b.event ->> 'type' as type, traceparent, jsonb_build_object(
      'order_id', id, 'order_number', order_number, 'customer_id', customer_id, 'status', status, 'version', version,
      'occurred_at', ${wireNow})
      || (b.event -> 'details') || case b.event ->> 'type'
        when 'payment.processed' then jsonb_build_object('processed_at', ${wireNow}) else '{}' end as payload
    from (select booking.nth, booking.event from transactions join booking using ("idempotencyKey") where booking.event is not null) b, ${sql.ref(orders)}`;
}
